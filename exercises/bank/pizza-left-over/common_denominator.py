from math import gcd, lcm


def parts(text):
    over, _, under = text.partition('/')
    return int(over), int(under or 1)


def left_over(pizzas, eaten):
    pairs = [parts(text) for text in eaten]
    under = lcm(*(below for _, below in pairs))
    over = pizzas * under - sum(above * (under // below) for above, below in pairs)
    if over < 0:
        raise ValueError(f'{-over}/{under} too much')
    shared = gcd(over, under)
    if under == shared:
        return str(over // shared)
    return f'{over // shared}/{under // shared}'
