import sys

with open('guests.txt', 'a', encoding='utf-8') as book:
    for line in sys.stdin:
        name = line.strip()
        if name:
            book.write(name + '\n')
with open('guests.txt', encoding='utf-8') as book:
    print(len(book.readlines()), 'guests')
