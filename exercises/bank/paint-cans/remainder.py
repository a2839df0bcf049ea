def paint_cans(width, height, coats):
    full, rest = divmod(width * height * coats, 10)
    if rest > 0:
        full += 1
    return full
