import json


def leaves(value):
    """Pairs of a path, as a tuple, and a value."""
    match value:
        case {} if value:
            pairs = value.items()
        case [_, *_]:
            pairs = enumerate(value)
        case _:
            yield (), value
            return
    for key, item in pairs:
        for path, leaf in leaves(item):
            yield (str(key), *path), leaf


def flatten(text):
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError('no JSON') from error
    return {'.'.join(path): leaf for path, leaf in leaves(data)}
