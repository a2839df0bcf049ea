def pin_note(note, board=None, urgent=False):
    if board is None:
        board = []
    if urgent:
        return [note] + board
    return board + [note]
