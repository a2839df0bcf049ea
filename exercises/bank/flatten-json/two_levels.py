import json


def flatten(text):
    data = json.loads(text)
    if not isinstance(data, (dict, list)) or not data:
        return {'': data}
    found = {}
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in pairs:
        if isinstance(value, dict) and value:
            for key2, value2 in value.items():
                found[f'{key}.{key2}'] = value2
        elif isinstance(value, list) and value:
            for at, value2 in enumerate(value):
                found[f'{key}.{at}'] = value2
        else:
            found[str(key)] = value
    return found
