def read_age(text):
    if text.isdigit() and int(text) <= 130:
        return int(text)
    return None
