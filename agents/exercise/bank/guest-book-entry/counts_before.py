import os

name = input().strip()
if name:
    number = 0
    if os.path.exists('guests.txt'):
        with open('guests.txt') as book:
            number = len(book.readlines())
    with open('guests.txt', 'a') as book:
        book.write(name + '\n')
    print(f'Guest number {number}: {name}')
else:
    print('No name given.')
