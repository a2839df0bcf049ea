def journey_time(minutes):
    hours, rest = divmod(minutes, 60)
    return str(hours) + ' h ' + str(rest).zfill(2) + ' min'
