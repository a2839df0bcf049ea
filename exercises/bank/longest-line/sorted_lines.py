from pathlib import Path


def longest_line(path):
    lines = Path(path).read_text().split('\n')
    return sorted(lines, key=lambda line: -len(line))[0]
