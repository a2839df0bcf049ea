def translate(words, book):
    return [book[word] if word in book else f'{word}?' for word in words if book.get(word) != '']
