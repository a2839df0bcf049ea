def translate(words, book):
    translated = ''
    for word in words:
        new_word = book.get(word, word + '?')
        if new_word != '':
            translated += new_word + ' '
    return translated.strip()
