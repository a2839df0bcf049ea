class Summary:
    def __init__(self, values):
        self.values = sorted(values)

    def largest(self):
        return self.values[-1]

    def as_dict(self):
        return {"n": len(self.values), "max": self.largest()}


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def variance(values):
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / len(values)


def classify(value):
    if value < 3:
        return "low"
    return "high" if value > 7 else None


def primes(limit):
    return (n for n in range(2, limit) if all(n % d for d in range(2, n)))


def split(text, separator):
    if separator == "":
        raise ValueError("empty separator")
    return tuple(text.split(separator))
