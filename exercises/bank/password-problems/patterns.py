import re


def password_problems(password):
    wrong = {
        'too short': not re.search(r'.{8}', password),
        'no digit': not re.search(r'[0-9]', password),
        'no capital': password == password.lower(),
        'has space': password.count(' ') > 0,
    }
    return [problem for problem in wrong if wrong[problem]]
