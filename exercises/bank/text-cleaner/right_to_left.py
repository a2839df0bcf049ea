def cleaner(*steps):
    def clean(value):
        for step in reversed(steps):
            value = step(value)
        return value

    return clean
