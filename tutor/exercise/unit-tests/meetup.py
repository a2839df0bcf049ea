from calendar import monthrange
from datetime import date


class MeetupDayException(ValueError):
    pass


DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def meetup(year, month, week, day_of_week):
    last = monthrange(year, month)[1]
    days = [day for day in range(1, last + 1) if date(year, month, day).weekday() == DAYS.index(day_of_week)]
    if week == "teenth":
        return date(year, month, next(day for day in days if 13 <= day <= 19))
    if week == "last":
        return date(year, month, days[-1])
    place = ["first", "second", "third", "fourth", "fifth"].index(week)
    if place >= len(days):
        raise MeetupDayException("That day does not exist.")
    return date(year, month, days[place])
