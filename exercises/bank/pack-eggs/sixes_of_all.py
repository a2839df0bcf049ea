def pack(eggs):
    twelves = eggs // 12
    sixes = eggs // 6
    return twelves, sixes, eggs % 6
