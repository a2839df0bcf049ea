def first_frost(temperatures):
    frosty = [number + 1 for number in range(len(temperatures)) if temperatures[number] < 0]
    return min(frosty, default=0)
