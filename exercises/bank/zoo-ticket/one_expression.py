def ticket_price(age, weekend):
    price = 0 if age < 6 else 9 if age >= 65 else 14 if age >= 18 else 8
    return price + 2 * (price > 0 and weekend)
