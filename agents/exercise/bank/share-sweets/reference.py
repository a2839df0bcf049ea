def share(sweets, children):
    each = sweets // children
    left = sweets % children
    return each, left
