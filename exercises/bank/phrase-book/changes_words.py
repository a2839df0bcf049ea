def translate(words, book):
    for place in range(len(words)):
        words[place] = book.get(words[place], words[place] + '?')
    while '' in words:
        words.remove('')
    return words
