def clean_guests(names):
    guests = []
    for name in names:
        name = name.strip().lower()
        if name not in guests:
            guests.append(name)
    return guests
