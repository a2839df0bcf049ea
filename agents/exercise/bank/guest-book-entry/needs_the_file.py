name = input().strip()
if name:
    with open('guests.txt') as book:
        guests = book.readlines()
    guests.append(name + '\n')
    with open('guests.txt', 'w') as book:
        book.writelines(guests)
    print(f'Guest number {len(guests)}: {name}')
else:
    print('No name given.')
