def invoice_total(items, tax):
    cents = 0
    for count, price in items:
        cents += count * int(price.replace('.', ''))
    cents = cents * (100 + tax) // 100
    return f'{cents // 100}.{cents % 100:02d}'
