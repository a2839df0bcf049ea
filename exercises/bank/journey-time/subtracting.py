def journey_time(minutes):
    hours = 0
    while minutes >= 60:
        minutes -= 60
        hours += 1
    if minutes < 10:
        return '{} h 0{} min'.format(hours, minutes)
    return '{} h {} min'.format(hours, minutes)
