import json


def flatten_value(value, path, found):
    if isinstance(value, dict) and value:
        for key, item in value.items():
            flatten_value(item, path + [key], found)
    elif isinstance(value, list) and value:
        for at, item in enumerate(value):
            flatten_value(item, path + [str(at)], found)
    elif value or value == {} or value == []:
        found['.'.join(path)] = value


def flatten(text):
    found = {}
    flatten_value(json.loads(text), [], found)
    return found
