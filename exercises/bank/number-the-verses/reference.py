number = 1
with open('poem.txt') as poem, open('numbered.txt', 'w') as numbered:
    for line in poem:
        line = line.rstrip()
        if line:
            line = f'{number}: {line}'
            number += 1
        print(line, file=numbered)
