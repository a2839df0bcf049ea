def cash_price(price):
    return round(float(price) * 20) / 20
