def pin_note(note, board=[], urgent=False):
    if urgent:
        board.insert(0, note)
    else:
        board.append(note)
    return board[:]
