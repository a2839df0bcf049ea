def translate(words, book):
    translated = []
    for word in words:
        translated.append(book.get(word, word + '?'))
    return translated
