class CardError(Exception):
    def __init__(self, missing):
        self.missing = missing


def pay(balance, price):
    if price < 0:
        raise ValueError('negative price')
    if balance < price:
        raise CardError(balance - price)
    return balance - price
