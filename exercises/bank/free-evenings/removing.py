def common_evenings(mine, yours):
    days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
    for day in days[:]:
        if mine.count(day) == 0 or yours.count(day) == 0:
            days.remove(day)
    return days
