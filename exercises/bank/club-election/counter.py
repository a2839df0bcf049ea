import sys
from collections import Counter

first, *names = sys.stdin.read().splitlines()
ranking = Counter(sorted(names[: int(first)])).most_common()
lines = [f'{name}: {count}' for name, count in ranking]
print('\n'.join(lines or ['no votes']))
