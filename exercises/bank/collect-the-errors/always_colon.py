from contextlib import contextmanager


@contextmanager
def collecting(errors, *types):
    try:
        yield len(errors)
    except types as error:
        errors.append(f'{type(error).__name__}: {error}')
