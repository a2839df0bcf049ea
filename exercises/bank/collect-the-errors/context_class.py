class collecting:
    def __init__(self, errors, *types):
        self.errors = errors
        self.types = types

    def __enter__(self):
        return len(self.errors)

    def __exit__(self, kind, error, traceback):
        if kind is None or not issubclass(kind, self.types):
            return False
        text = kind.__name__
        if str(error) != '':
            text += ': ' + str(error)
        self.errors.append(text)
        return True
