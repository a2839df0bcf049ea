def expand(path, opened=()):
    if path in opened:
        raise ValueError(path)
    lines = []
    with open(path) as file:
        for line in file.read().splitlines():
            if line.startswith('@include '):
                lines += expand(line[9:], opened + (path,))
            else:
                lines.append(line)
    return lines
