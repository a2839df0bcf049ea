class FormError(ValueError):
    """Carries every problem of a form."""

    @property
    def problems(self):
        return list(self.args)


def name_is_missing(form):
    return 'name' not in form or form['name'].isspace() or form['name'] == ''


def mail_is_invalid(form):
    mail = form.get('mail', '')
    if mail.count('@') != 1:
        return True
    return mail.startswith('@') or mail.endswith('@')


def check(form):
    found = []
    if name_is_missing(form):
        found.append('name missing')
    if mail_is_invalid(form):
        found.append('mail invalid')
    if 'password' not in form or len(form['password']) <= 7:
        found.append('password short')
    if form.get('password', '') != form.get('again', ''):
        found.append('passwords differ')
    if len(found) > 0:
        raise FormError(*found)
