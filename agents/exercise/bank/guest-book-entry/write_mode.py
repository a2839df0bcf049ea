name = input().strip()
if name:
    with open('guests.txt', 'w') as book:
        book.write(name + '\n')
    with open('guests.txt') as book:
        number = len(book.readlines())
    print(f'Guest number {number}: {name}')
else:
    print('No name given.')
