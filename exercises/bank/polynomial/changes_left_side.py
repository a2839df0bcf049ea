class Polynomial:
    def __init__(self, coefficients):
        self.coefficients = list(coefficients)
        self.trim()

    def trim(self):
        while self.coefficients and self.coefficients[-1] == 0:
            self.coefficients.pop()

    def __call__(self, x):
        return sum(c * x ** i for i, c in enumerate(self.coefficients))

    def __eq__(self, other):
        return self.coefficients == other.coefficients

    def __add__(self, other):
        if isinstance(other, int):
            other = Polynomial([other])
        for i, b in enumerate(other.coefficients):
            if i < len(self.coefficients):
                self.coefficients[i] += b
            else:
                self.coefficients.append(b)
        self.trim()
        return self

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
