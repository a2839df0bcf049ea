class FormError(Exception):
    def __init__(self, problems):
        self.problems = problems


def check(form, problems=[]):
    if form.get('name', '').strip() == '':
        problems.append('name missing')
    mail = form.get('mail', '')
    if mail.count('@') != 1 or mail[0] == '@' or mail[-1] == '@':
        problems.append('mail invalid')
    password = form.get('password', '')
    if len(password) < 8:
        problems.append('password short')
    if password != form.get('again', ''):
        problems.append('passwords differ')
    if problems:
        raise FormError(problems)
