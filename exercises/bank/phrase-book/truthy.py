def translate(words, book):
    translated = []
    for word in words:
        if book.get(word):
            translated.append(book[word])
        else:
            translated.append(word + '?')
    return translated
