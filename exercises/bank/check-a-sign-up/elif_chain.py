class FormError(Exception):
    def __init__(self, problems):
        self.problems = problems


def check(form):
    problems = []
    mail = form.get('mail', '')
    password = form.get('password', '')
    if form.get('name', '').strip() == '':
        problems.append('name missing')
    elif mail.count('@') != 1 or mail[0] == '@' or mail[-1] == '@':
        problems.append('mail invalid')
    elif len(password) < 8:
        problems.append('password short')
    elif password != form.get('again', ''):
        problems.append('passwords differ')
    if problems:
        raise FormError(problems)
