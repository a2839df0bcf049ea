def split_bill(cents, people):
    if people < 1:
        return 'ValueError: nobody pays'
    if cents < 0:
        return 'ValueError: negative bill'
    share, rest = divmod(cents, people)
    return [share + 1] * rest + [share] * (people - rest)
