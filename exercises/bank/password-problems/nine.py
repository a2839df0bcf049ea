def password_problems(password):
    problems = []
    if len(password) <= 8:
        problems.append('too short')
    if not any(character.isdigit() for character in password):
        problems.append('no digit')
    if not any(character.isupper() for character in password):
        problems.append('no capital')
    if ' ' in password:
        problems.append('has space')
    return problems
