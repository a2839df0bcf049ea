import os


def read_settings(path):
    settings = {}
    if not os.path.exists(path):
        return settings
    with open(path) as file:
        for line in file:
            line = line.strip()
            if line == '' or line.startswith('#'):
                continue
            name, value = line.rsplit('=', 1)
            settings[name.strip()] = value.strip()
    return settings
