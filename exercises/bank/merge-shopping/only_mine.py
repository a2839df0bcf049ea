def merge_lists(mine, yours):
    merged = {}
    for item, amount in mine.items():
        if item in yours:
            merged[item] = amount + yours[item]
        else:
            merged[item] = amount
    return merged
