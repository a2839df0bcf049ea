def pack(eggs):
    twelves = eggs // 12
    rest = eggs % 12
    return twelves, rest // 6, rest % 6
