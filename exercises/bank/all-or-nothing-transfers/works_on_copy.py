class TransferError(Exception):
    def __init__(self, position):
        self.position = position


def transfer_all(accounts, transfers):
    accounts = dict(accounts)
    for position, (giver, taker, cents) in enumerate(transfers, start=1):
        if giver not in accounts or taker not in accounts:
            raise TransferError(position)
        if cents < 1 or accounts[giver] < cents:
            raise TransferError(position)
        accounts[giver] -= cents
        accounts[taker] += cents
