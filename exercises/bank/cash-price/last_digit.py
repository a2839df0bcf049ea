def cash_price(price):
    cents = int(price.replace('.', ''))
    last = cents % 10
    if last <= 2:
        cents -= last
    elif last <= 7:
        cents += 5 - last
    else:
        cents += 10 - last
    digits = str(cents).zfill(3)
    return digits[:-2] + '.' + digits[-2:]
