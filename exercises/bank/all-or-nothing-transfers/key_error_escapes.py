class TransferError(Exception):
    def __init__(self, position):
        self.position = position


def transfer_all(accounts, transfers):
    before = dict(accounts)
    try:
        for position, (giver, taker, cents) in enumerate(transfers, 1):
            if cents < 1 or accounts[giver] < cents:
                raise TransferError(position)
            accounts[giver] -= cents
            accounts[taker] += cents
    except Exception:
        accounts.update(before)
        raise
