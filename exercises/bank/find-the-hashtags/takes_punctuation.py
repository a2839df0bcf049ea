def hashtags(text):
    found = []
    for word in text.lower().split():
        if word.startswith('#') and word[1:2].isalpha():
            if word[1:] not in found:
                found.append(word[1:])
    return found
