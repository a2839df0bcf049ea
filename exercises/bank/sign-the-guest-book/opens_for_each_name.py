import sys

for line in sys.stdin:
    name = line.strip()
    if name:
        with open('guests.txt', 'w') as book:
            book.write(name + '\n')
with open('guests.txt') as book:
    print(len(book.readlines()), 'guests')
