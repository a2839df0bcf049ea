def clean_guests(names):
    first_spelling = {}
    for name in names:
        first_spelling.setdefault(name.strip().casefold(), name.strip())
    return list(first_spelling.values())
