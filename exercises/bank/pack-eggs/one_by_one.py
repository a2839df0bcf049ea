def pack(eggs):
    large = small = 0
    while eggs >= 12:
        eggs -= 12
        large += 1
    if eggs >= 6:
        eggs -= 6
        small = 1
    return (large, small, eggs)
