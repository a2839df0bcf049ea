from decimal import ROUND_HALF_UP, Decimal


def invoice_total(items, tax):
    total = sum(count * Decimal(price) for count, price in items)
    with_tax = Decimal(total) * (100 + tax) / 100
    return str(with_tax.quantize(Decimal('0.01'), ROUND_HALF_UP))
