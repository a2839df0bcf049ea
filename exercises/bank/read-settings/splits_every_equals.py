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
            parts = line.split('=')
            if len(parts) < 2:
                raise ValueError(line)
            settings[parts[0].strip()] = parts[1].strip()
    return settings
