from collections import defaultdict


class Polynomial:
    """Keeps only the powers that are there."""

    def __init__(self, coefficients):
        self.terms = {power: number for power, number in enumerate(coefficients) if number != 0}

    @classmethod
    def of_terms(cls, terms):
        result = cls([])
        result.terms = {power: number for power, number in terms.items() if number != 0}
        return result

    @classmethod
    def of(cls, value):
        return cls([value]) if isinstance(value, int) else value

    @property
    def coefficients(self):
        return [self.terms.get(power, 0) for power in range(max(self.terms, default=-1) + 1)]

    def __call__(self, x):
        return sum(number * x ** power for power, number in self.terms.items())

    def __eq__(self, other):
        return type(other) is Polynomial and self.terms == other.terms

    def __add__(self, other):
        terms = defaultdict(int, self.terms)
        for power, number in Polynomial.of(other).terms.items():
            terms[power] += number
        return Polynomial.of_terms(terms)

    def __radd__(self, other):
        return self + other

    def __mul__(self, other):
        terms = defaultdict(int)
        for power, number in self.terms.items():
            for power2, number2 in Polynomial.of(other).terms.items():
                terms[power + power2] += number * number2
        return Polynomial.of_terms(terms)

    def __rmul__(self, other):
        return self * other
