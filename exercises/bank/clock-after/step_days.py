def clock_after(time, minutes):
    total = 60 * int(time[:2]) + int(time[3:]) + minutes
    while total < 0:
        total += 24 * 60
    while total >= 24 * 60:
        total -= 24 * 60
    hours, rest = divmod(total, 60)
    return str(hours).zfill(2) + ':' + str(rest).zfill(2)
