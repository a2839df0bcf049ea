import os


def read_settings(path):
    settings = {}
    if not os.path.exists(path):
        return settings
    with open(path) as file:
        for line in file:
            line = line.split('#')[0].strip()
            if line == '':
                continue
            name, value = line.split('=', 1)
            settings[name.strip()] = value.strip()
    return settings
