number = 1
with open('poem.txt') as poem, open('numbered.txt', 'w') as numbered:
    for line in poem:
        if line.strip():
            print(f'{number}: {line}', file=numbered)
            number += 1
        else:
            print(file=numbered)
