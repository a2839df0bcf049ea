def pin_note(note, board=None, urgent=False):
    notes = list(board or [])
    if urgent:
        return list(note) + notes
    return notes + list(note)
