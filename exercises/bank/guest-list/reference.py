def clean_guests(names):
    seen = set()
    guests = []
    for name in names:
        name = name.strip()
        if name.lower() not in seen:
            seen.add(name.lower())
            guests.append(name)
    return guests
