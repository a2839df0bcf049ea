def make_turnstile(places):
    inside = []

    def enter(people=1):
        fits = len(inside) + people <= places
        if fits:
            inside.extend(['visitor'] * people)
        return fits

    return enter
