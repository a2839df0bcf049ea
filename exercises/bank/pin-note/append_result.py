def pin_note(note, board=None, urgent=False):
    notes = list(board or [])
    if urgent:
        return notes.insert(0, note)
    return notes.append(note)
