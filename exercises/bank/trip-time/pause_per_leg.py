def trip_time(*legs, pause=10):
    total = 0
    for leg in legs:
        total += leg + pause
    return total
