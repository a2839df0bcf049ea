def journey_time(minutes):
    hours = minutes // 100
    rest = minutes % 100
    return f'{hours} h {rest:02} min'
