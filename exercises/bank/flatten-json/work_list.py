import json


def flatten(text):
    result = {}
    waiting = [('', json.loads(text))]
    while waiting:
        path, value = waiting.pop()
        prefix = path + '.' if path else ''
        if type(value) is dict and len(value) > 0:
            for key in value:
                waiting.append((prefix + key, value[key]))
        elif type(value) is list and len(value) > 0:
            for at in range(len(value)):
                waiting.append((prefix + str(at), value[at]))
        else:
            result[path] = value
    return result
