def ticket_price(age, weekend):
    if age <= 6:
        return 0
    if age <= 18:
        price = 8
    elif age <= 65:
        price = 14
    else:
        price = 9
    if weekend:
        price += 2
    return price
