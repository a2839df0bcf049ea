from contextlib import contextmanager


@contextmanager
def collecting(errors, *types):
    try:
        yield len(errors)
    except Exception as error:
        name = type(error).__name__
        errors.append(f'{name}: {error}' if str(error) else name)
