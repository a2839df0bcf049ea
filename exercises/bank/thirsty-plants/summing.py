def days_of_water(litres, daily):
    for days in range(litres + 1):
        needed_with_next_day = sum(range(daily, daily + days + 1))
        if needed_with_next_day > litres:
            return days
