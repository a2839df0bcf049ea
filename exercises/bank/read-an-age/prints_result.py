def read_age(text):
    try:
        age = int(text)
    except ValueError:
        print(None)
    else:
        print(age if 0 <= age <= 130 else None)
