def paint_cans(width, height, coats):
    area = width * height * coats
    return (area + 9) // 10
