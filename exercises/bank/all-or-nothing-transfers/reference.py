class TransferError(Exception):
    def __init__(self, position):
        super().__init__(f'transfer {position} was refused')
        self.position = position


def transfer_all(accounts, transfers):
    balances = accounts.copy()
    for position, (giver, taker, cents) in enumerate(transfers, 1):
        if giver not in balances or taker not in balances or not 1 <= cents <= balances[giver]:
            raise TransferError(position)
        balances[giver] -= cents
        balances[taker] += cents
    accounts.update(balances)
