def trip_time(*legs, pause=10):
    total = 0
    first = True
    for leg in legs:
        if not first:
            total += pause
        total += leg
        first = False
    return total
