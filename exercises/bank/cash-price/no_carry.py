def cash_price(price):
    units, cents = price.split('.')
    rounded = (int(cents) + 2) // 5 * 5
    return f'{units}.{rounded:02}'
