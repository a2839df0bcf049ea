number = 1
with open('poem.txt') as poem:
    for line in poem:
        line = line.rstrip()
        if line:
            print(f'{number}: {line}')
            number += 1
        else:
            print()
