def password_problems(password):
    problems = []
    if len(password) < 8:
        problems.append('too short')
    if not password.isdigit():
        problems.append('no digit')
    if not password.isupper():
        problems.append('no capital')
    if ' ' in password:
        problems.append('has space')
    return problems
