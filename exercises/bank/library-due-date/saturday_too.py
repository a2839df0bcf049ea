from datetime import date, timedelta


def due_date(borrowed, days):
    due = date.fromisoformat(borrowed) + timedelta(days=days)
    while due.weekday() >= 5:
        due += timedelta(days=1)
    return due.isoformat()
