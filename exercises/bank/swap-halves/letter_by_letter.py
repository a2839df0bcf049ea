def swap_halves(text):
    letters = list(text)
    distance = (len(text) + 1) // 2
    for place in range(len(text) // 2):
        letters[place], letters[place + distance] = letters[place + distance], letters[place]
    return ''.join(letters)
