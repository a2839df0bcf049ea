from decimal import ROUND_HALF_UP, Decimal


def invoice_total(items, tax):
    total = Decimal('0.00')
    for count, price in items:
        amount = count * Decimal(price) * (100 + tax) / 100
        total += amount.quantize(Decimal('0.01'), ROUND_HALF_UP)
    return str(total)
