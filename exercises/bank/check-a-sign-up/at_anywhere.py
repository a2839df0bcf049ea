class FormError(Exception):
    def __init__(self, problems):
        self.problems = problems


def check(form):
    problems = []
    if form.get('name', '').strip() == '':
        problems.append('name missing')
    if '@' not in form.get('mail', ''):
        problems.append('mail invalid')
    password = form.get('password', '')
    if len(password) < 8:
        problems.append('password short')
    if password != form.get('again', ''):
        problems.append('passwords differ')
    if problems:
        raise FormError(problems)
