def read_age(text):
    try:
        age = int(text)
    except ValueError:
        return None
    return age if 0 <= age <= 130 else None
