from functools import reduce


def cleaner(*steps):
    return lambda value: reduce(lambda result, step: step(result), steps, value)
