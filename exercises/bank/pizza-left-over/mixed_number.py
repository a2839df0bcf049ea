from fractions import Fraction


def left_over(pizzas, eaten):
    left = Fraction(pizzas)
    for part in eaten:
        left -= Fraction(part)
    if left < 0:
        raise ValueError('not enough pizza')
    whole, rest = divmod(left, 1)
    if whole == 0 or rest == 0:
        return str(left)
    return f'{whole} {rest}'
