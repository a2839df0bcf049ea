def first_frost(temperatures):
    found = 0
    for night, degrees in enumerate(temperatures, start=1):
        if degrees < 0:
            found = night
    return found
