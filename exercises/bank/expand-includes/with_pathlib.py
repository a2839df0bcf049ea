from pathlib import Path


def expand(path):
    return list(_lines(Path(path), set()))


def _lines(path, above):
    path = path.resolve()
    if path in above:
        raise ValueError(f'{path.name} is being expanded already')
    above.add(path)
    for line in path.read_text().splitlines():
        command, space, name = line.partition(' ')
        if command == '@include' and space:
            yield from _lines(path.parent / name, above)
        else:
            yield line
    above.remove(path)
