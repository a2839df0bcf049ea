def invoice_total(items, tax):
    total = 0.0
    for count, price in items:
        total += count * float(price)
    total = total * (1 + tax / 100)
    return f'{round(total, 2):.2f}'
