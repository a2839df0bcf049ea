def play(rolls, last, jumps):
    field = 0
    used = 0
    for roll in rolls:
        used += 1
        if field + roll <= last:
            field += roll
        if field in jumps:
            field = jumps[field]
        if field == last:
            break
    return field, used
