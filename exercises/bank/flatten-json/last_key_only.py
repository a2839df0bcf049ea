import json


def flatten_value(value, key, found):
    if isinstance(value, dict) and value:
        for inner, item in value.items():
            flatten_value(item, inner, found)
    elif isinstance(value, list) and value:
        for at, item in enumerate(value):
            flatten_value(item, str(at), found)
    else:
        found[key] = value


def flatten(text):
    found = {}
    flatten_value(json.loads(text), '', found)
    return found
