def common_evenings(mine, yours):
    return sorted(set(mine) & set(yours))
