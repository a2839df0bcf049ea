free = 0


def make_turnstile(places):
    global free
    free = places

    def enter(people=1):
        global free
        if people > free:
            return False
        free -= people
        return True

    return enter
