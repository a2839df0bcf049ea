import sys

book = open('guests.txt', 'a')
for line in sys.stdin:
    name = line.strip()
    if name:
        book.write(name + '\n')
lines = open('guests.txt').readlines()
print(len(lines), 'guests')
