def clean_guests(names):
    stripped = [name.strip() for name in names]
    small = [name.upper() for name in stripped]
    return [name for place, name in enumerate(stripped) if small.index(small[place]) == place]
