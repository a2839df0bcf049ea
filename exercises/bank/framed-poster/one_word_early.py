import sys

width = int(input())
lines = []
for word in sys.stdin.read().split():
    if lines and len(lines[-1]) + 1 + len(word) < width:
        lines[-1] += ' ' + word
    else:
        lines.append(word)

edge = '+' + '-' * (width + 2) + '+'
print(edge)
for line in lines:
    print(f'| {line:<{width}} |')
print(edge)
