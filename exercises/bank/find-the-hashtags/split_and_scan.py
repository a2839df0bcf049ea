from itertools import takewhile


def belongs(character):
    return character.isalnum() or character == '_'


def hashtags(text):
    found = []
    for word in text.split():
        if word[0] == '#' and word[1:2].isalpha():
            tag = ''.join(takewhile(belongs, word[1:])).lower()
            if tag not in found:
                found.append(tag)
    return found
