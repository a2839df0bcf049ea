def swap_halves(text):
    size = len(text)
    middle = size // 2
    if size % 2 == 0:
        return text[middle:] + text[:middle]
    return text[middle + 1 :] + text[middle] + text[:middle]
