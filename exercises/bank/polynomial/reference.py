from itertools import zip_longest


class Polynomial:
    def __init__(self, coefficients):
        self.coefficients = list(coefficients)
        while self.coefficients and self.coefficients[-1] == 0:
            self.coefficients.pop()

    def __call__(self, x):
        value = 0
        for coefficient in reversed(self.coefficients):
            value = value * x + coefficient
        return value

    def __eq__(self, other):
        return isinstance(other, Polynomial) and self.coefficients == other.coefficients

    def __add__(self, other):
        return Polynomial(a + b for a, b in zip_longest(self.coefficients, _coefficients(other), fillvalue=0))

    def __mul__(self, other):
        others = _coefficients(other)
        product = [0] * (len(self.coefficients) + len(others))
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(others):
                product[i + j] += a * b
        return Polynomial(product)

    __radd__ = __add__
    __rmul__ = __mul__


def _coefficients(value):
    return value.coefficients if isinstance(value, Polynomial) else [value]
