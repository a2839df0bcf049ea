from collections import Counter


def merge_lists(mine, yours):
    return dict(Counter(mine) + Counter(yours))
