def merge_lists(mine, yours):
    return {item: mine.get(item, 0) + yours.get(item, 0) for item in set(mine) | set(yours)}
