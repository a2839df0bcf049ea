from string import ascii_letters, digits, whitespace


def hashtags(text):
    found = {}
    tag = None
    before = ' '
    for character in text + ' ':
        if tag is not None:
            if tag == '' and character in ascii_letters:
                tag = character
            elif tag and character in ascii_letters + digits + '_':
                tag += character
            else:
                if tag:
                    found[tag.lower()] = True
                tag = None
        if tag is None and character == '#' and before in whitespace:
            tag = ''
        before = character
    return list(found)
