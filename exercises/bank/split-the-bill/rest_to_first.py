def split_bill(cents, people):
    if people < 1 or cents < 0:
        raise ValueError('wrong bill')
    share = cents // people
    rest = cents % people
    return [share + rest] + [share] * (people - 1)
