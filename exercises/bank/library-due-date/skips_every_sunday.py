from datetime import date, timedelta


def due_date(borrowed, days):
    due = date.fromisoformat(borrowed)
    while days > 0:
        due += timedelta(days=1)
        if due.weekday() != 6:
            days -= 1
    return due.isoformat()
