def square(n):
    if n < 0:
        return -(n * n)
    return n * n
