def trip_time(*legs, pause=10):
    return sum(legs) + pause * (len(legs) - 1)
