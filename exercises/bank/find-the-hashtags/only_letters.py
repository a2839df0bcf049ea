import re


def hashtags(text):
    found = []
    for tag in re.findall(r'(?:^|\s)#([a-z]+)', text.lower()):
        if tag not in found:
            found.append(tag)
    return found
