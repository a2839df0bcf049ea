def make_turnstile(places):
    free = places

    def enter(people=1):
        nonlocal free
        if people > free:
            return False
        free -= people
        return True

    return enter
