def share(sweets, children):
    print((sweets // children, sweets % children))
