def merge_lists(mine, yours):
    merged = {}
    for shopping in (mine, yours):
        for item in shopping:
            if item in merged:
                merged[item] += shopping[item]
            else:
                merged[item] = shopping[item]
    return merged
