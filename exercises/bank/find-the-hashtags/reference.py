import re


def hashtags(text):
    tags = re.findall(r'(?<!\S)#([a-z][a-z0-9_]*)', text.lower())
    return list(dict.fromkeys(tags))
