def first_frost(temperatures):
    for night, degrees in enumerate(temperatures, start=1):
        if degrees <= 0:
            return night
    return 0
