from datetime import date


def due_date(borrowed, days):
    year, month, day = map(int, borrowed.split('-'))
    number = date(year, month, day).toordinal() + days
    # Day 1 was a Monday, so the Sundays are the multiples of 7.
    if number % 7 == 0:
        number += 1
    return str(date.fromordinal(number))
