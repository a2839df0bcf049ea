import sys
import textwrap

width = int(input())
text = ' '.join(sys.stdin.read().split())
edge = f'+{"-" * (width + 2)}+'
print(edge)
for line in textwrap.wrap(text, width):
    print('|', line.ljust(width), '|')
print(edge)
