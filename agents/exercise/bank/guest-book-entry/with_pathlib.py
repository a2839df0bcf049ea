import sys
from pathlib import Path

book = Path('guests.txt')
name = sys.stdin.readline().strip()
if not name:
    print('No name given.')
else:
    before = book.read_text(encoding='utf-8') if book.exists() else ''
    after = f'{before}{name}\n'
    book.write_text(after, encoding='utf-8')
    count = after.count('\n')
    print(f'Guest number {count}: {name}')
