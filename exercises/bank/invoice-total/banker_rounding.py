from decimal import Decimal


def invoice_total(items, tax):
    total = Decimal(0)
    for count, price in items:
        total += count * Decimal(price)
    total += total * tax / 100
    return str(total.quantize(Decimal('0.01')))
