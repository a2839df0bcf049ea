import sys
import textwrap

width = int(input())
text = ' '.join(sys.stdin.read().split())
lines = textwrap.wrap(text, width)
widest = max([len(line) for line in lines], default=0)
edge = '+' + '-' * (widest + 2) + '+'
print(edge)
for line in lines:
    print(f'| {line:<{widest}} |')
print(edge)
