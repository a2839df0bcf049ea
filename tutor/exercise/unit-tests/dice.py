import random
import time


class Timer:
    def __init__(self):
        self.started = time.time()


def roll(count):
    return [random.randint(1, 6) for _ in range(count)]


def play():
    name = input("Who? ")
    count = int(input("How many? "))
    print(f"{name} rolls {count} dice")
