def has_digit(password):
    for character in password:
        if character.isdigit():
            return True
        else:
            return False


def has_capital(password):
    for character in password:
        if character.isupper():
            return True
        else:
            return False


def password_problems(password):
    problems = []
    if len(password) < 8:
        problems.append('too short')
    if not has_digit(password):
        problems.append('no digit')
    if not has_capital(password):
        problems.append('no capital')
    if ' ' in password:
        problems.append('has space')
    return problems
