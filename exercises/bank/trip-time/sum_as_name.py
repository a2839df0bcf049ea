def trip_time(*legs, pause=10):
    sum = 0
    if legs:
        sum = sum(legs) + pause * (len(legs) - 1)
    return sum
