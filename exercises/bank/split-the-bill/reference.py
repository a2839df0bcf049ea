def split_bill(cents, people):
    if people < 1 or cents < 0:
        raise ValueError('at least one person and no negative bill')
    share, rest = divmod(cents, people)
    return [share + 1] * rest + [share] * (people - rest)
