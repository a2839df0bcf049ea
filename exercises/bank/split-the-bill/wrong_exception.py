def split_bill(cents, people):
    if cents < 0:
        raise ValueError('negative bill')
    share = cents // people
    rest = cents % people
    return [share + 1] * rest + [share] * (people - rest)
