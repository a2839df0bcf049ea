def read_age(text):
    try:
        age = int(text)
    except ValueError:
        return None
    if age in range(0, 130):
        return age
    return None
