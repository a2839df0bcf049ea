def share(sweets, children):
    each = sweets // children
    left = sweets % children
    return left, each
