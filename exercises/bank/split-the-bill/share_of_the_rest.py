def split_bill(cents, people):
    if cents < 0:
        raise ValueError(f'a bill of {cents}')
    if people < 1:
        raise ValueError(f'{people} people')
    shares = []
    while people > 0:
        share = -(-cents // people)
        shares.append(share)
        cents -= share
        people -= 1
    return shares
