def split_bill(cents, people):
    if people < 1 or cents < 0:
        raise ValueError('wrong bill')
    return [round(cents / people, 2)] * people
