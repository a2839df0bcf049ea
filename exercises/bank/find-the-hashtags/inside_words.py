import re


def hashtags(text):
    found = []
    for tag in re.findall(r'#([a-z]\w*)', text.lower()):
        if tag not in found:
            found.append(tag)
    return found
