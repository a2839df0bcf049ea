def days_of_water(litres, daily):
    days = 0
    while litres >= daily:
        litres -= daily
        days += 1
    return days
