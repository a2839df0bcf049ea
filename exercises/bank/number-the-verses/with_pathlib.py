from itertools import count
from pathlib import Path

numbers = count(1)
verses = Path('poem.txt').read_text().split('\n')
text = '\n'.join(f'{next(numbers)}: {verse}' if verse and not verse.isspace() else '' for verse in verses)
Path('numbered.txt').write_text(text)
