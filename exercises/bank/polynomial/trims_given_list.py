from itertools import zip_longest


class Polynomial:
    def __init__(self, coefficients):
        while coefficients and coefficients[-1] == 0:
            coefficients.pop()
        self.coefficients = coefficients

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
            other = Polynomial([other])
        product = [0] * (len(self.coefficients) + len(other.coefficients))
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(other.coefficients):
                product[i + j] += a * b
        return Polynomial(product)

    __radd__ = __add__
    __rmul__ = __mul__
