def clean_guests(names):
    seen = []
    position = 0
    while position < len(names):
        names[position] = names[position].strip()
        if names[position].lower() in seen:
            del names[position]
        else:
            seen.append(names[position].lower())
            position += 1
    return names
