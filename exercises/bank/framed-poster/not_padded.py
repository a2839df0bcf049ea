import sys
import textwrap

width = int(input())
text = ' '.join(sys.stdin.read().split())
edge = '+' + '-' * (width + 2) + '+'
print(edge)
for line in textwrap.wrap(text, width):
    print(f'| {line} |')
print(edge)
