def share(sweets, children):
    return divmod(sweets, children)
