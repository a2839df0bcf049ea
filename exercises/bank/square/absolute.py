square = lambda n: abs(n) * abs(n)
