def first_frost(temperatures):
    for night, degrees in enumerate(temperatures, start=1):
        if degrees < 0:
            return night
        else:
            return 0
    return 0
