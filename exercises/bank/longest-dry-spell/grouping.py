from itertools import groupby


def longest_dry_spell(rain):
    day = 1
    runs = []
    for dry, days in groupby(rain, key=lambda amount: amount < 1):
        length = len(list(days))
        if dry:
            runs.append((day, length))
        day += length
    return max(runs, key=lambda run: run[1], default=(0, 0))
