from fractions import Fraction


def left_over(pizzas, eaten):
    left = pizzas - sum(map(Fraction, eaten))
    if left < 0:
        raise ValueError('more was eaten than there was')
    return str(left)
