import sys

width = int(input())
text = ' '.join(sys.stdin.read().split())
edge = '+' + '-' * (width + 2) + '+'
print(edge)
for start in range(0, len(text), width):
    line = text[start:start + width]
    print(f'| {line:<{width}} |')
print(edge)
