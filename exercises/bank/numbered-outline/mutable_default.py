def outline(chapters, prefix='', lines=[]):
    for number, (title, sections) in enumerate(chapters, start=1):
        lines.append(f'{prefix}{number} {title}')
        outline(sections, f'{prefix}{number}.', lines)
    return lines[:]
