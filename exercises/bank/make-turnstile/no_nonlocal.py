def make_turnstile(places):
    free = places

    def enter(people=1):
        if people > free:
            return False
        free = free - people
        return True

    return enter
