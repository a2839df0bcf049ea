import os


def expand(path, open_files=()):
    path = os.path.normpath(path)
    if path in open_files:
        raise ValueError(f'{path} includes itself')
    lines = []
    with open(path) as file:
        for line in file.read().splitlines():
            if line.startswith('@include '):
                inner = os.path.join(os.path.dirname(path), line.removeprefix('@include '))
                lines.extend(expand(inner, (*open_files, path)))
            else:
                lines.append(line)
    return lines
