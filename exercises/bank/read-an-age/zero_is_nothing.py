def read_age(text):
    try:
        age = int(text)
    except ValueError:
        age = None
    if age and age >= 0 and age <= 130:
        return age
    return None
