def read_age(text):
    try:
        if 0 <= int(text) <= 130:
            return text.strip()
    except ValueError:
        return None
