import math


def paint_cans(width, height, coats):
    return math.ceil(width * height * coats / 10)
