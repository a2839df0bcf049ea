from datetime import date


def due_date(borrowed, days):
    year, month, day = [int(part) for part in borrowed.split('-')]
    day += days
    while day > 30:
        day -= 30
        month += 1
    while month > 12:
        month -= 12
        year += 1
    if date(year, month, day).weekday() == 6:
        day += 1
    return f'{year}-{month:02}-{day:02}'
