from math import lcm


def left_over(pizzas, eaten):
    pairs = []
    for part in eaten:
        numbers = part.split('/')
        pairs.append((int(numbers[0]), int(numbers[1]) if len(numbers) == 2 else 1))
    under = lcm(*(below for above, below in pairs))
    over = pizzas * under - sum(above * under // below for above, below in pairs)
    if over < 0:
        raise ValueError('not enough pizza')
    if over % under == 0:
        return str(over // under)
    return f'{over}/{under}'
