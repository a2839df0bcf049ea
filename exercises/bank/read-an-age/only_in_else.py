def read_age(text):
    result = None
    try:
        number = int(text.strip())
        if number < 0 or number > 130:
            raise ValueError('not an age')
    except ValueError:
        pass
    else:
        result = number
    return result
