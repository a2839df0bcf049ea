from itertools import zip_longest


class Polynomial:
    def __init__(self, coefficients):
        self.coefficients = list(coefficients)
        while self.coefficients and self.coefficients[-1] == 0:
            self.coefficients.pop()

    def __call__(self, x):
        return sum(c * x ** i for i, c in enumerate(self.coefficients))

    def __eq__(self, other):
        return self.coefficients == other.coefficients

    def __add__(self, other):
        if isinstance(other, int):
            other = Polynomial([other])
        pairs = zip_longest(self.coefficients, other.coefficients, fillvalue=0)
        return Polynomial([a + b for a, b in pairs])

    def __mul__(self, other):
        if isinstance(other, int):
            return Polynomial([a * other for a in self.coefficients])
        pairs = zip_longest(self.coefficients, other.coefficients, fillvalue=0)
        return Polynomial([a * b for a, b in pairs])

    __radd__ = __add__
    __rmul__ = __mul__
