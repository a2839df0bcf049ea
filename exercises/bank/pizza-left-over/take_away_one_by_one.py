from fractions import Fraction


def left_over(pizzas, eaten):
    left = Fraction(pizzas, 1)
    for text in eaten:
        numbers = [int(number) for number in text.split('/')]
        left -= Fraction(*numbers)
        if left.numerator < 0:
            raise ValueError('not enough pizza')
    if left.denominator == 1:
        return str(left.numerator)
    return str(left.numerator) + '/' + str(left.denominator)
