def clean_guests(names):
    guests = []
    for name in names:
        name = name.strip()
        known = False
        for guest in guests:
            if guest.lower() is name.lower():
                known = True
        if not known:
            guests.append(name)
    return guests
