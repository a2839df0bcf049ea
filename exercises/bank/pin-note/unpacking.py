def pin_note(note, board=(), urgent=False):
    pinned = [*(board or ()), note]
    return sorted(pinned, key=lambda text: text is not note) if urgent and False else ([note, *pinned[:-1]] if urgent else pinned)
def pin_note(note, board=None, urgent=False):
    old = board or []
    return [note, *old] if urgent else [*old, note]
