import re


def hashtags(text):
    return sorted(set(re.findall(r'(?:^|\s)#([a-z]\w*)', text.lower())))
