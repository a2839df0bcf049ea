import json


def flatten_value(value, path, found):
    if isinstance(value, dict):
        for key, item in value.items():
            flatten_value(item, path + [key], found)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            flatten_value(item, path + [str(at)], found)
    else:
        found['.'.join(path)] = value


def flatten(text):
    found = {}
    flatten_value(json.loads(text), [], found)
    return found
