import os


def expand(path, seen=None):
    if seen is None:
        seen = set()
    path = os.path.normpath(path)
    if path in seen:
        raise ValueError(path)
    seen.add(path)
    lines = []
    with open(path) as file:
        for line in file.read().splitlines():
            if line.startswith('@include '):
                lines += expand(os.path.join(os.path.dirname(path), line[9:]), seen)
            else:
                lines.append(line)
    return lines
