def paint_cans(width, height, coats):
    area = width * height
    return (area + 9) // 10
