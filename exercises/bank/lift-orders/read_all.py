import sys


def ride(orders):
    floor, ignored = 0, 0
    for order in orders:
        if order.startswith('stop'):
            return floor, ignored
        number = int(order.split(' ')[1])
        if order.startswith('down'):
            number = -number
        if floor + number < 0 or floor + number > 9:
            ignored += 1
            continue
        floor += number
    return floor, ignored


print('floor {}, ignored {}'.format(*ride(sys.stdin)))
