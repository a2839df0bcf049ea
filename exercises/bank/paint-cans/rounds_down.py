def paint_cans(width, height, coats):
    return width * height * coats // 10
