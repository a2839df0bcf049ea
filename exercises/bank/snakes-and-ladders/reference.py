def play(rolls, last, jumps):
    field = 0
    used = 0
    for roll in rolls:
        used += 1
        if field + roll <= last:
            field = jumps.get(field + roll, field + roll)
        if field == last:
            break
    return field, used
