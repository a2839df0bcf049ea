def cash_price(price):
    return f'{round(float(price), 1):.2f}'
