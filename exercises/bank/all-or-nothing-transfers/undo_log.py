class TransferError(Exception):
    position = 0


def transfer_all(accounts, transfers):
    done = []
    try:
        for giver, taker, cents in transfers:
            if taker not in accounts:
                raise KeyError(taker)
            if cents < 1:
                raise ValueError('nothing to transfer')
            if accounts[giver] < cents:
                raise ValueError('not enough money')
            accounts[giver] -= cents
            accounts[taker] += cents
            done.append((giver, taker, cents))
    except (KeyError, ValueError) as reason:
        for giver, taker, cents in reversed(done):
            accounts[taker] -= cents
            accounts[giver] += cents
        error = TransferError(str(reason))
        error.position = len(done) + 1
        raise error from reason
