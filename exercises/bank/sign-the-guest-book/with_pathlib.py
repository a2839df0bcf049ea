import sys
from pathlib import Path

book = Path('guests.txt')
text = book.read_text(encoding='utf-8') if book.exists() else ''
names = [line.strip() for line in sys.stdin.read().split('\n')]
text += ''.join(f'{name}\n' for name in names if name)
book.write_text(text, encoding='utf-8')
print(text.count('\n'), 'guests')
