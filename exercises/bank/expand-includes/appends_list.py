import os


def expand(path, opened=()):
    path = os.path.normpath(path)
    if path in opened:
        raise ValueError(path)
    lines = []
    with open(path) as file:
        for line in file.read().splitlines():
            if line.startswith('@include '):
                inner = os.path.join(os.path.dirname(path), line[9:])
                lines.append(expand(inner, opened + (path,)))
            else:
                lines.append(line)
    return lines
