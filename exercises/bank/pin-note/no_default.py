def pin_note(note, board, urgent):
    if urgent:
        return [note] + board
    return board + [note]
