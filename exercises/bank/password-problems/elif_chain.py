def password_problems(password):
    problems = []
    if len(password) < 8:
        problems.append('too short')
    elif not any(character.isdigit() for character in password):
        problems.append('no digit')
    elif not any(character.isupper() for character in password):
        problems.append('no capital')
    elif ' ' in password:
        problems.append('has space')
    return problems
