def translate(words, book):
    translated = []
    for word in words:
        if book[word] != '':
            translated.append(book[word])
    return translated
