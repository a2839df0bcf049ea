def pin_note(note, board=None, urgent=False):
    if board is None:
        board = []
    if urgent:
        board.insert(0, note)
    else:
        board.append(note)
    return board
