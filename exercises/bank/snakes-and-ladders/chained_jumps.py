def play(rolls, last, jumps):
    field = 0
    used = 0
    for roll in rolls:
        used += 1
        if field + roll <= last:
            field += roll
            for _ in range(10):
                field = jumps.get(field, field)
        if field == last:
            break
    return field, used
