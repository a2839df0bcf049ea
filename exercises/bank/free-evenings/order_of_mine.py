def common_evenings(mine, yours):
    week = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
    return sorted([day for day in mine if day in yours], key=week.index)
