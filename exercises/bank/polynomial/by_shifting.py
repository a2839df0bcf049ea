class Polynomial:
    def __init__(self, coefficients):
        end = len(coefficients)
        while end > 0 and not coefficients[end - 1]:
            end -= 1
        self.coefficients = coefficients[:end]

    def __call__(self, x):
        total, power = 0, 1
        for number in self.coefficients:
            total += number * power
            power *= x
        return total

    def __eq__(self, other):
        if not isinstance(other, Polynomial):
            return NotImplemented
        return self.coefficients == other.coefficients

    def __add__(self, other):
        if isinstance(other, int):
            other = Polynomial([other])
        longer, shorter = self.coefficients, other.coefficients
        if len(longer) < len(shorter):
            longer, shorter = shorter, longer
        total = longer[:]
        for power in range(len(shorter)):
            total[power] += shorter[power]
        return Polynomial(total)

    def __mul__(self, other):
        if isinstance(other, int):
            return Polynomial([number * other for number in self.coefficients])
        product = Polynomial([])
        for power, number in enumerate(other.coefficients):
            product = product + Polynomial([0] * power + (self * number).coefficients)
        return product

    def __radd__(self, number):
        return self.__add__(number)

    def __rmul__(self, number):
        return self.__mul__(number)
