import re


def hashtags(text):
    found = []
    for word in text.lower().split():
        tag = re.match(r'#([a-z]\w*)', word)
        if tag is not None:
            if tag[1] not in found:
                found.append(tag[1])
            return found
    return found
