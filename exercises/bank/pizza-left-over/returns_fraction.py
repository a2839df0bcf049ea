from fractions import Fraction


def left_over(pizzas, eaten):
    left = Fraction(pizzas)
    for part in eaten:
        left -= Fraction(part)
    if left < 0:
        raise ValueError('not enough pizza')
    return left
