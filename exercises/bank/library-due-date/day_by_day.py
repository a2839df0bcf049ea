from datetime import datetime, timedelta

FORM = '%Y-%m-%d'


def due_date(borrowed, days):
    due = datetime.strptime(borrowed, FORM)
    for _ in range(days):
        due += timedelta(hours=24)
    while due.strftime('%w') == '0':
        due += timedelta(hours=24)
    return due.strftime(FORM)
