def cleaner(*steps):
    waiting = iter(steps)

    def clean(value):
        for step in waiting:
            value = step(value)
        return value

    return clean
