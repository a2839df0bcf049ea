class Turnstile:
    def __init__(self, places):
        self.places = places
        self.inside = 0

    def __call__(self, people=1):
        if self.inside + people <= self.places:
            self.inside += people
            return True
        else:
            return False


def make_turnstile(places):
    return Turnstile(places)
