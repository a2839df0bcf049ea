def clean_guests(names):
    guests = {}
    for name in names:
        guests[name.strip().lower()] = name.strip()
    return list(guests.values())
