import os


def expand(path):
    lines = []
    with open(path) as file:
        content = file.read()
    for line in content.splitlines():
        if line.startswith('@include '):
            lines += expand(os.path.join(os.path.dirname(path), line[9:]))
        else:
            lines.append(line)
    return lines
