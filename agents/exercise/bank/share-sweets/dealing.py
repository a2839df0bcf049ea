def share(sweets, children):
    each = 0
    while sweets >= children:
        sweets = sweets - children
        each = each + 1
    return (each, sweets)
