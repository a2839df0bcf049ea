import re
from collections import defaultdict


class FormError(Exception):
    problems = ()


RULES = {
    'name missing': lambda form: re.search(r'\S', form['name']),
    'mail invalid': lambda form: re.fullmatch(r'[^@]+@[^@]+', form['mail']),
    'password short': lambda form: form['password'][7:],
    'passwords differ': lambda form: form['password'] == form['again'],
}


def check(form):
    fields = defaultdict(str, form)
    error = FormError('please correct the form')
    error.problems = [problem for problem, is_fine in RULES.items() if not is_fine(fields)]
    if error.problems != []:
        raise error
