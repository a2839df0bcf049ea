import sys

with open('guests.txt', 'a') as book:
    for line in sys.stdin:
        name = line.strip()
        if name:
            book.write(name)
with open('guests.txt') as book:
    print(len(book.readlines()), 'guests')
