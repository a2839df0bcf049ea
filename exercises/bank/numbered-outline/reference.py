def outline(chapters, prefix=''):
    lines = []
    for number, (title, sections) in enumerate(chapters, start=1):
        lines.append(f'{prefix}{number} {title}')
        lines += outline(sections, f'{prefix}{number}.')
    return lines
