def cash_price(price):
    units, cents = price.split('.')
    total = int(units) * 100 + int(cents)
    rounded = (total + 2) // 5 * 5
    return f'{rounded // 100}.{rounded % 100}'
