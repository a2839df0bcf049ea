def first_frost(temperatures):
    position = 0
    while position < len(temperatures) and temperatures[position] >= 0:
        position += 1
    if position == len(temperatures):
        return 0
    return position + 1
