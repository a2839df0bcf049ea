def play(rolls, last, jumps):
    field = 0
    used = 0
    while used < len(rolls) and field != last:
        target = field + rolls[used]
        used += 1
        if target > last:
            continue
        if target in jumps:
            target = jumps[target]
        field = target
    return field, used
