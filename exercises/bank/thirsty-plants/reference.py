def days_of_water(litres, daily):
    days = 0
    while litres >= daily:
        litres -= daily
        daily += 1
        days += 1
    return days
