import re

PATTERN = re.compile(r'\s*([^=]*?)\s*=\s*(.*?)\s*')


def read_settings(path):
    settings = {}
    try:
        file = open(path)
    except OSError:
        return settings
    with file:
        for line in file:
            if re.match(r'\s*(#|$)', line):
                continue
            found = PATTERN.fullmatch(line)
            if found is None:
                raise ValueError(line)
            settings[found[1]] = found[2]
    return settings
