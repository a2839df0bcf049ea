class CardError(Exception):
    def __init__(self, missing):
        super().__init__(f'{missing} cents are missing')
        self.missing = missing


def pay(balance, price):
    if price < 0:
        raise ValueError(f'a price of {price}')
    if price > balance:
        raise CardError(price - balance)
    return balance - price
