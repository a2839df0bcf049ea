def cash_price(price):
    return '{:.2f}'.format(round(float(price) * 20) / 20)
