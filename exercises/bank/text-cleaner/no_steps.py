def cleaner(first, *others):
    def clean(value):
        value = first(value)
        for step in others:
            value = step(value)
        return value

    return clean
