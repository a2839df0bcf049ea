def outline(chapters, prefix=''):
    lines = []
    for number, (title, sections) in enumerate(chapters, start=1):
        lines += outline(sections, f'{prefix}{number}.')
        lines.append(f'{prefix}{number} {title}')
    return lines
