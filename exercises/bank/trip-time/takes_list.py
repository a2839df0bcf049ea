def trip_time(legs, pause=10):
    if not legs:
        return 0
    return sum(legs) + pause * (len(legs) - 1)
