def common_evenings(mine, yours):
    week = 'Mon Tue Wed Thu Fri Sat Sun'
    return sorted(set(mine) & set(yours), key=week.index)
