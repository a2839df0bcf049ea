def swap_halves(text):
    half = len(text) // 2
    return text[-half:] + text[half : len(text) - half] + text[:half]
