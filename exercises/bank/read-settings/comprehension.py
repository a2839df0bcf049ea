from pathlib import Path


def setting(line):
    name, value = line.split('=', 1)
    return name.strip(), value.strip()


def matters(line):
    return line != '' and line[0] != '#'


def read_settings(path):
    file = Path(path)
    if not file.is_file():
        return {}
    lines = [line.strip() for line in file.read_text().split('\n')]
    return dict(setting(line) for line in lines if matters(line))
