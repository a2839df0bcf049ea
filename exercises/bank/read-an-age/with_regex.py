import re


def read_age(text):
    found = re.fullmatch(r'\s*([+-]?)(\d+)\s*', text)
    if found is None:
        return None
    sign, digits = found.groups()
    age = int(sign + digits)
    if age in range(131):
        return age
    return None
