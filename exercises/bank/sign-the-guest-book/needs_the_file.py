import sys

with open('guests.txt') as book:
    guests = book.readlines()
for line in sys.stdin:
    name = line.strip()
    if name:
        guests.append(name + '\n')
with open('guests.txt', 'w') as book:
    book.writelines(guests)
print(len(guests), 'guests')
