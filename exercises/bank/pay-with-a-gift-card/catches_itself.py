class CardError(Exception):
    def __init__(self, missing):
        self.missing = missing


def pay(balance, price):
    try:
        if price < 0:
            raise ValueError('negative price')
        if price > balance:
            raise CardError(price - balance)
        return balance - price
    except CardError as error:
        print(error.missing, 'cents are missing')
