class CardError(Exception):
    def __init__(self, missing):
        self.missing = missing


def pay(balance, price):
    if price < 0 or price > balance:
        raise ValueError('this cannot be paid')
    return balance - price
