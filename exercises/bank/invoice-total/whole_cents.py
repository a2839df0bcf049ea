def invoice_total(items, tax):
    cents = 0
    for count, price in items:
        whole, part = price.split('.')
        cents += count * (int(whole) * 100 + int(part))
    # Hundredths of a cent, plus half a cent, cut to cents.
    cents = (cents * (100 + tax) + 50) // 100
    return f'{cents // 100}.{cents % 100:02}'
