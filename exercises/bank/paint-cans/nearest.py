def paint_cans(width, height, coats):
    return round(width * height * coats / 10)
