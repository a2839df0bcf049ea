def split_bill(cents, people):
    if people <= 0:
        raise ValueError('nobody is there to pay')
    if cents < 0:
        raise ValueError('a bill cannot be negative')
    shares = [0] * people
    for cent in range(cents):
        shares[cent % people] += 1
    return shares
