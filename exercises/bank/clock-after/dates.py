from datetime import datetime, timedelta


def clock_after(time, minutes):
    start = datetime.strptime('2020-06-15 ' + time, '%Y-%m-%d %H:%M')
    return (start + timedelta(minutes=minutes)).strftime('%H:%M')
