def split_bill(cents, people):
    try:
        if cents < 0 or people < 1:
            raise ValueError('wrong bill')
        share, rest = divmod(cents, people)
        return [share + 1] * rest + [share] * (people - rest)
    except ValueError:
        print('wrong bill')
