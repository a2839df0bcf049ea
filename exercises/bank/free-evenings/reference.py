WEEK = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']


def common_evenings(mine, yours):
    common = []
    for day in WEEK:
        if day in mine and day in yours:
            common.append(day)
    return common
