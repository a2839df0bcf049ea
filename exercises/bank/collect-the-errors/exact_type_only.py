class collecting:
    def __init__(self, errors, *types):
        self.errors = errors
        self.types = types

    def __enter__(self):
        return len(self.errors)

    def __exit__(self, kind, error, traceback):
        if kind in self.types:
            text = kind.__name__
            if str(error):
                text += f': {error}'
            self.errors.append(text)
            return True
        return False
