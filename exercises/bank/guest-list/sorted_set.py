def clean_guests(names):
    seen = set()
    guests = set()
    for name in names:
        name = name.strip()
        if name.lower() not in seen:
            seen.add(name.lower())
            guests.add(name)
    return sorted(guests)
