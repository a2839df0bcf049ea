def common_evenings(mine, yours):
    week = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
    return [day for day in week if day in mine or day in yours]
