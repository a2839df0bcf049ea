def longest_dry_spell(rain):
    start = 0
    length = 0
    for day, millimetres in enumerate(rain, start=1):
        if millimetres < 1:
            if length == 0:
                start = day
            length += 1
        elif length > 0:
            return start, length
    return start, length
