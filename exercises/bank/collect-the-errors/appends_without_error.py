class collecting:
    def __init__(self, errors, *types):
        self.errors = errors
        self.types = types

    def __enter__(self):
        return len(self.errors)

    def __exit__(self, kind, error, traceback):
        name = type(error).__name__
        self.errors.append(f'{name}: {error}' if str(error) else name)
        return isinstance(error, self.types)
