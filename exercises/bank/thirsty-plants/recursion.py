def days_of_water(litres, daily):
    if litres < daily:
        return 0
    return 1 + days_of_water(litres - daily, daily + 1)
