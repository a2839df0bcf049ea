class FormError(Exception):
    def __init__(self, problems):
        super().__init__(', '.join(problems))
        self.problems = problems


def check(form):
    problems = []
    if not form.get('name', '').strip():
        problems.append('name missing')
    before, _, behind = form.get('mail', '').partition('@')
    if not before or not behind or '@' in behind:
        problems.append('mail invalid')
    password = form.get('password', '')
    if len(password) < 8:
        problems.append('password short')
    if password != form.get('again', ''):
        problems.append('passwords differ')
    if problems:
        raise FormError(problems)
