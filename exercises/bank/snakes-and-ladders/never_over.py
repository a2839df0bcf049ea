def play(rolls, last, jumps):
    field = 0
    for roll in rolls:
        if field + roll <= last:
            field += roll
            if field in jumps:
                field = jumps[field]
    return field, len(rolls)
