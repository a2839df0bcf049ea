def ticket_price(age, weekend):
    for oldest, weekday_price, weekend_price in [(5, 0, 0), (17, 8, 10), (64, 14, 16), (1000, 9, 11)]:
        if age <= oldest:
            return weekend_price if weekend else weekday_price
