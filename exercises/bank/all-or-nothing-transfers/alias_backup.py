class TransferError(Exception):
    def __init__(self, position):
        self.position = position


def transfer_all(accounts, transfers):
    before = accounts
    for position, (giver, taker, cents) in enumerate(transfers, 1):
        if giver not in accounts or taker not in accounts or cents < 1 or accounts[giver] < cents:
            accounts.update(before)
            raise TransferError(position)
        accounts[giver] -= cents
        accounts[taker] += cents
