class TransferError(ValueError):
    def __init__(self, position, reason):
        self.position = position
        self.reason = reason


def _reason(accounts, earlier, giver, taker, cents):
    for name in (giver, taker):
        if name not in accounts:
            return f'{name} has no account'
    if cents <= 0:
        return 'too little'
    came = sum(amount for _, to, amount in earlier if to == giver)
    went = sum(amount for source, _, amount in earlier if source == giver)
    if accounts[giver] + came - went < cents:
        return 'not enough money'
    return None


def transfer_all(accounts, transfers):
    for at, transfer in enumerate(transfers):
        reason = _reason(accounts, transfers[:at], *transfer)
        if reason is not None:
            raise TransferError(at + 1, reason)
    for giver, taker, cents in transfers:
        accounts[giver] = accounts[giver] - cents
        accounts[taker] = accounts[taker] + cents
