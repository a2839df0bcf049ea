def merge_lists(mine, yours):
    merged = dict(mine)
    merged.update(yours)
    return merged
