name = input().strip()
with open('guests.txt', 'a') as book:
    if name:
        book.write(name + '\n')
with open('guests.txt') as book:
    print(len(book.readlines()), 'guests')
