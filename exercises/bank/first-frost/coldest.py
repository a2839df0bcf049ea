def first_frost(temperatures):
    if not temperatures or min(temperatures) >= 0:
        return 0
    return temperatures.index(min(temperatures)) + 1
