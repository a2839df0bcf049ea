def longest_dry_spell(rain):
    best_start = 0
    best_length = 0
    length = 0
    for day, millimetres in enumerate(rain, start=1):
        if millimetres < 1:
            length += 1
        else:
            if length > best_length:
                best_length = length
                best_start = day - length
            length = 0
    return best_start, best_length
