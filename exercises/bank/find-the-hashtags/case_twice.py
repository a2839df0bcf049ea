import re


def hashtags(text):
    found = []
    for tag in re.findall(r'(?:^|\s)#([a-zA-Z]\w*)', text):
        if tag not in found:
            found.append(tag)
    return [tag.lower() for tag in found]
