def ticket_price(age, weekend):
    if age < 6:
        price = 0
    elif age < 18:
        price = 8
    elif age < 65:
        price = 14
    else:
        price = 9
    if weekend:
        price += 2
    return price
