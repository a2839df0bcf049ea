from decimal import ROUND_HALF_UP, Decimal


def cash_price(price):
    steps = (Decimal(price) / Decimal('0.05')).quantize(Decimal('1'), rounding=ROUND_HALF_UP)
    return str(steps * Decimal('0.05'))
