def merge_lists(mine, yours):
    for item, amount in yours.items():
        mine[item] = mine.get(item, 0) + amount
    return mine
