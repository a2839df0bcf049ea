def read_settings(path):
    try:
        with open(path) as file:
            lines = file.readlines()
    except FileNotFoundError:
        return {}
    settings = {}
    for line in lines:
        line = line.strip()
        if line and not line.startswith('#'):
            name, equals, value = line.partition('=')
            if not equals:
                raise ValueError(f'no = in {line!r}')
            settings[name.strip()] = value.strip()
    return settings
