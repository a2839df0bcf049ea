def read_age(text):
    try:
        age = int(text)
    except ValueError:
        return 'not a number'
    if age < 0 or age > 130:
        return -1
    return age
