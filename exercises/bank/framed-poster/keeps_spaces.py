import sys
import textwrap

width = int(input())
edge = '+' + '-' * (width + 2) + '+'
print(edge)
for line in textwrap.wrap(sys.stdin.read(), width):
    print(f'| {line:<{width}} |')
print(edge)
