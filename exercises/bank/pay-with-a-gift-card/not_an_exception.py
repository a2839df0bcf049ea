class CardError:
    def __init__(self, missing):
        self.missing = missing


def pay(balance, price):
    if price < 0:
        raise ValueError('negative price')
    if price > balance:
        raise CardError(price - balance)
    return balance - price
