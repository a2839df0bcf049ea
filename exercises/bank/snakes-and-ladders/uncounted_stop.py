def play(rolls, last, jumps):
    field = 0
    used = 0
    for roll in rolls:
        if field == last:
            break
        if field + roll > last:
            continue
        used += 1
        field += roll
        if field in jumps:
            field = jumps[field]
    return field, used
