name = input().strip()
if name:
    with open('guests.txt', 'a', encoding='utf-8') as book:
        book.write(name + '\n')
    with open('guests.txt', encoding='utf-8') as book:
        number = len(book.readlines())
    print(f'Guest number {number}: {name}')
else:
    print('No name given.')
