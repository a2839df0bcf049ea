def trip_time(*legs, pause=10):
    riding = sum(legs)
    resting = sum(pause for _ in legs[1:])
    return riding + resting
