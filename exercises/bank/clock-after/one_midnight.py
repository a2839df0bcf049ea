def clock_after(time, minutes):
    hours, mins = time.split(':')
    total = int(hours) * 60 + int(mins) + minutes
    if total >= 1440:
        total -= 1440
    if total < 0:
        total += 1440
    return f'{total // 60:02}:{total % 60:02}'
