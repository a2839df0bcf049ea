def cleaner(*steps):
    def clean(value):
        for step in steps:
            value = step(value)
        return value

    return clean
