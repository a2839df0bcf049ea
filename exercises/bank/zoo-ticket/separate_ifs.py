def ticket_price(age, weekend):
    price = 9
    if age < 65:
        price = 14
    if age < 18:
        price = 8
    if age < 6:
        return 0
    if weekend:
        return price + 2
    if age > 18:
        price = 14
    return price
