import os


def expand(path, opened=()):
    path = os.path.normpath(path)
    if path in opened:
        raise ValueError(path)
    try:
        with open(path) as file:
            content = file.read().splitlines()
    except FileNotFoundError:
        return []
    lines = []
    for line in content:
        if line.startswith('@include '):
            inner = os.path.join(os.path.dirname(path), line[9:])
            lines += expand(inner, opened + (path,))
        else:
            lines.append(line)
    return lines
