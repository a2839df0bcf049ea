import json


def flatten(text):
    found = {}

    def visit(value, path):
        if isinstance(value, dict) and value:
            for key, item in value.items():
                visit(item, [*path, key])
        elif isinstance(value, list) and value:
            for at, item in enumerate(value):
                visit(item, [*path, str(at)])
        else:
            found['.'.join(path)] = value

    visit(json.loads(text), [])
    return found
