def pack(eggs):
    sixes, loose = divmod(eggs, 6)
    return sixes // 2, sixes % 2, loose
