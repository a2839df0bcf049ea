def pin_note(note, board=None, urgent=False):
    notes = list(board) if board else []
    notes.insert(0 if urgent else len(notes), note)
    return notes
