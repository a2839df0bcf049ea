def swap_halves(text):
    half = len(text) // 2
    return text[len(text) - half :] + text[:half]
