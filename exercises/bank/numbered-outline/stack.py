def outline(chapters):
    lines = []
    waiting = [((number,), chapter) for number, chapter in enumerate(chapters, 1)][::-1]
    while waiting:
        numbers, (title, sections) = waiting.pop()
        lines.append('.'.join(map(str, numbers)) + ' ' + title)
        for place in range(len(sections), 0, -1):
            waiting.append((numbers + (place,), sections[place - 1]))
    return lines
