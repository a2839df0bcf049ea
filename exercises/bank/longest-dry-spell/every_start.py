def longest_dry_spell(rain):
    best = (0, 0)
    first = 0
    while first < len(rain):
        end = first
        while end < len(rain) and rain[end] < 1:
            end += 1
        if end - first > best[1]:
            best = (first + 1, end - first)
        first = end + 1
    return best
