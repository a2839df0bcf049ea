def swap_halves(text):
    half = len(text) // 2
    second = len(text) - half
    return text[second:] + text[half:second] + text[:half]
