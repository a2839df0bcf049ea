import sys

first, *rest = sys.stdin.read().split('\n')
width = int(first)
lines = []
for word in ' '.join(rest).split():
    if lines and len(lines[-1]) + 1 + len(word) <= width:
        lines[-1] += ' ' + word
    else:
        lines.append(word)

print('+' + '-' * width + '--+')
for line in lines:
    print(f'| {line:{width}} |')
print('+' + '-' * width + '--+')
