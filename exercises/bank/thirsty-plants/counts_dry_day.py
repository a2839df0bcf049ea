def days_of_water(litres, daily):
    days = 0
    while litres > 0:
        litres -= daily
        daily += 1
        days += 1
    return days
