class collecting:
    def __init__(self, errors, *types):
        self.errors = errors
        self.types = types

    def __enter__(self):
        return len(self.errors)

    def __exit__(self, kind, error, traceback):
        if kind is not None and issubclass(kind, self.types):
            text = kind.__name__
            if str(error):
                text += f': {error}'
            self.errors.append(text)
