def trip_time(*legs, pause=10):
    if not legs:
        return 0
    return sum(legs) + 10 * (len(legs) - 1)
