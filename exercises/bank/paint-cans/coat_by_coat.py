def paint_cans(width, height, coats):
    for_one_coat = (width * height + 9) // 10
    return for_one_coat * coats
