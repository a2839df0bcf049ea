from contextlib import contextmanager


@contextmanager
def collecting(errors, *types):
    try:
        yield len(errors)
    except types as error:
        name = type(error).__name__
        message = str(error)
        errors.append(f'{name}: {message}' if message else name)
