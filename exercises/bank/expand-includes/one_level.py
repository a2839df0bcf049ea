import os


def expand(path):
    lines = []
    with open(path) as file:
        for line in file.read().splitlines():
            if line.startswith('@include '):
                name = os.path.join(os.path.dirname(path), line[9:])
                with open(name) as inner:
                    lines.extend(inner.read().splitlines())
            else:
                lines.append(line)
    return lines
