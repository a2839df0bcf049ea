import sys
import textwrap

width = int(input())
edge = '+' + '-' * (width + 2) + '+'
print(edge)
for paragraph in sys.stdin:
    text = ' '.join(paragraph.split())
    for line in textwrap.wrap(text, width):
        print(f'| {line:<{width}} |')
print(edge)
