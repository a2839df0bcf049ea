def merge_lists(mine, yours):
    merged = dict(mine)
    for item, amount in yours.items():
        merged[item] = merged.get(item, 1) + amount
    return merged
