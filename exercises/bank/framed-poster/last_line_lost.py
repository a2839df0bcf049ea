import sys

width = int(input())
edge = '+' + '-' * (width + 2) + '+'
print(edge)
line = ''
for word in sys.stdin.read().split():
    if line == '':
        line = word
    elif len(line) + 1 + len(word) <= width:
        line += ' ' + word
    else:
        print(f'| {line:<{width}} |')
        line = word
print(edge)
