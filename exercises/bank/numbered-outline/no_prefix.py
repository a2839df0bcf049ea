def outline(chapters):
    lines = []
    for number, (title, sections) in enumerate(chapters, start=1):
        lines.append(f'{number} {title}')
        lines += outline(sections)
    return lines
