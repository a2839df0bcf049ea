import sys

count = 0
with open('guests.txt', 'a') as book:
    for line in sys.stdin:
        name = line.strip()
        if name:
            book.write(name + '\n')
            count += 1
print(count, 'guests')
