def clock_after(time, minutes):
    hours, mins = time.split(':')
    later = int(mins) + minutes
    return f'{hours}:{later % 60:02}'
