class CardError(Exception):
    @property
    def missing(self):
        return self.args[0]


def pay(balance, price):
    if price != abs(price):
        raise ValueError
    rest = balance - price
    if rest >= 0:
        return rest
    raise CardError(-rest)
