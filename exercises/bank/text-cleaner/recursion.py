def cleaner(*steps):
    if not steps:
        return lambda value: value
    *earlier, last = steps
    before = cleaner(*earlier)
    return lambda value: last(before(value))
