class CardError(Exception):
    pass


def pay(balance, price):
    if price < 0:
        raise ValueError('negative price')
    if price > balance:
        raise CardError(price - balance)
    return balance - price
