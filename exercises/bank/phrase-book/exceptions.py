def translate(words, book):
    result = []
    for word in words:
        try:
            result += [book[word]] if book[word] else []
        except KeyError:
            result += [''.join((word, '?'))]
    return result
