import sys

inside = f' {sys.stdin.readline().strip()} '
line = ''.join('-' for letter in inside)
print(f'+{line}+\n|{inside}|\n+{line}+')
