import sys

with open('guests.txt', 'a') as book:
    for line in sys.stdin:
        name = ''.join(line.split())
        if name:
            book.write(name + '\n')
with open('guests.txt') as book:
    print(len(book.readlines()), 'guests')
