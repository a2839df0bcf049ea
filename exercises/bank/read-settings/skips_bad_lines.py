def read_settings(path):
    settings = {}
    try:
        with open(path) as file:
            for line in file:
                line = line.strip()
                if line == '' or line.startswith('#'):
                    continue
                name, value = line.split('=', 1)
                settings[name.strip()] = value.strip()
    except (FileNotFoundError, ValueError):
        pass
    return settings
