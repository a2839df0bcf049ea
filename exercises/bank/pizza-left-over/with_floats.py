from fractions import Fraction


def left_over(pizzas, eaten):
    left = float(pizzas)
    for part in eaten:
        left -= float(Fraction(part))
    if left < 0:
        raise ValueError('not enough pizza')
    return str(Fraction(left))
