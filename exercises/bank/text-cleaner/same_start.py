def cleaner(*steps):
    def clean(value):
        result = value
        for step in steps:
            result = step(value)
        return result

    return clean
