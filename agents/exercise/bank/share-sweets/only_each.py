def share(sweets, children):
    each = sweets // children
    left = sweets - each
    return each, left
