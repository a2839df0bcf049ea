class TransferError(Exception):
    def __init__(self, position):
        self.position = position


def transfer_all(accounts, transfers):
    for position, (giver, taker, cents) in enumerate(transfers, start=1):
        if giver not in accounts or taker not in accounts:
            raise TransferError(position)
        if cents < 1 or accounts[giver] < cents:
            raise TransferError(position)
    for giver, taker, cents in transfers:
        accounts[giver] -= cents
        accounts[taker] += cents
