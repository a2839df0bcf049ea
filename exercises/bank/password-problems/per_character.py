def password_problems(password):
    problems = []
    if len(password) < 8:
        problems.append('too short')
    for character in password:
        if not character.isdigit():
            problems.append('no digit')
        if not character.isupper():
            problems.append('no capital')
        if character == ' ':
            problems.append('has space')
    return problems
