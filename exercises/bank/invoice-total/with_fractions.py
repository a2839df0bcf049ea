from fractions import Fraction
from math import floor


def invoice_total(items, tax):
    total = Fraction(0)
    for count, price in items:
        total += Fraction(price) * count
    total += total * Fraction(tax, 100)
    digits = str(floor(total * 100 + Fraction(1, 2))).rjust(3, '0')
    return digits[:-2] + '.' + digits[-2:]
