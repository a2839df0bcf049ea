import sys

names = [line.strip() for line in sys.stdin]
with open('guests.txt', 'w') as book:
    for name in names:
        if name:
            book.write(name + '\n')
with open('guests.txt') as book:
    print(len(book.readlines()), 'guests')
