import random

used = set()


class Robot:
    def __init__(self):
        self.reset()

    def reset(self):
        while True:
            letters = "".join(random.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(2))
            name = f"{letters}{random.randrange(1000):03d}"
            if name not in used:
                break
        used.add(name)
        self.name = name
