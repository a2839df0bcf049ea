def swap_halves(text):
    return text[::-1]
