import sys
import textwrap

width = int(input())
text = ' '.join(sys.stdin.read().split())
print('+' + '-' * width + '+')
for line in textwrap.wrap(text, width):
    print(f'| {line:<{width}} |')
print('+' + '-' * width + '+')
