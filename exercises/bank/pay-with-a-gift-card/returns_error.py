class CardError(Exception):
    def __init__(self, missing):
        self.missing = missing


def pay(balance, price):
    if price < 0:
        return ValueError('negative price')
    if price > balance:
        return CardError(price - balance)
    return balance - price
