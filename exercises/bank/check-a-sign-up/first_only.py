class FormError(Exception):
    def __init__(self, problems):
        self.problems = problems


def check(form):
    if form.get('name', '').strip() == '':
        raise FormError(['name missing'])
    mail = form.get('mail', '')
    if mail.count('@') != 1 or mail[0] == '@' or mail[-1] == '@':
        raise FormError(['mail invalid'])
    password = form.get('password', '')
    if len(password) < 8:
        raise FormError(['password short'])
    if password != form.get('again', ''):
        raise FormError(['passwords differ'])
