def make_turnstile(places):
    free = places

    def enter(people=1):
        nonlocal free
        free -= people
        return free >= 0

    return enter
