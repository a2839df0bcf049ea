def trip_time(*legs, pause=10):
    if not legs:
        print(0)
    else:
        print(sum(legs) + pause * (len(legs) - 1))
