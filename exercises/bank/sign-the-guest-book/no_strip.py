import sys

with open('guests.txt', 'a') as book:
    for line in sys.stdin:
        if line != '\n':
            book.write(line.rstrip('\n') + '\n')
with open('guests.txt') as book:
    print(len(book.readlines()), 'guests')
