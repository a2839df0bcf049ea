import os


def read_settings(path):
    settings = {}
    if not os.path.exists(path):
        return settings
    with open(path) as file:
        for line in file:
            if line.strip() == '' or line[0] == '#':
                continue
            name, value = line.split('=', 1)
            settings[name.strip()] = value.strip()
    return settings
