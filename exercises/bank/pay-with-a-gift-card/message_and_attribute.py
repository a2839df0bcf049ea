class CardError(Exception):
    pass


def pay(balance, price):
    if price > balance:
        error = CardError('not enough on the card')
        error.missing = price - balance
        raise error
    elif price >= 0:
        return balance - price
    raise ValueError('a price cannot be negative')
