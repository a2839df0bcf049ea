def clock_after(time, minutes):
    hours_text, minutes_text = time.split(':')
    total = int(hours_text) * 60 + int(minutes_text) + minutes
    return f'{total // 60 % 24:02}:{total % 60:02}'
