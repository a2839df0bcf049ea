from contextlib import contextmanager


@contextmanager
def collecting(errors, *types):
    try:
        yield len(errors)
    except types as error:
        name = type(error).__name__
        errors = errors + [f'{name}: {error}' if str(error) else name]
