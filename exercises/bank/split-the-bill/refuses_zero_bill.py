def split_bill(cents, people):
    if people < 1 or cents <= 0:
        raise ValueError('wrong bill')
    shares = []
    for person in range(people):
        share = cents // people
        if person < cents % people:
            share += 1
        shares.append(share)
    return shares
