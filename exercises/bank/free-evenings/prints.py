def common_evenings(mine, yours):
    week = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
    print([day for day in week if day in mine and day in yours])
