def pack(eggs):
    twelves = 0
    sixes = 0
    while eggs > 12:
        twelves += 1
        eggs -= 12
    if eggs > 6:
        sixes += 1
        eggs -= 6
    return twelves, sixes, eggs
