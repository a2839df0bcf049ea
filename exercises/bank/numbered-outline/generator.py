def walk(chapters, before):
    number = 0
    for title, sections in chapters:
        number += 1
        here = before + [str(number)]
        yield '.'.join(here) + ' ' + title
        yield from walk(sections, here)


def outline(chapters):
    return list(walk(chapters, []))
