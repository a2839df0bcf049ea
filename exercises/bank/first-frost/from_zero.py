def first_frost(temperatures):
    for night in range(len(temperatures)):
        if temperatures[night] < 0:
            return night
    return 0
