def outline(chapters):
    lines = []
    for number, (title, sections) in enumerate(chapters, start=1):
        lines.append(f'{number} {title}')
        for part, (name, _) in enumerate(sections, start=1):
            lines.append(f'{number}.{part} {name}')
    return lines
