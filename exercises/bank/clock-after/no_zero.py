def clock_after(time, minutes):
    hours, mins = time.split(':')
    total = (int(hours) * 60 + int(mins) + minutes) % 1440
    return f'{total // 60}:{total % 60}'
