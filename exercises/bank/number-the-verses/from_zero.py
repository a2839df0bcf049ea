number = 0
with open('poem.txt') as poem, open('numbered.txt', 'w') as numbered:
    for line in poem:
        if line.strip():
            numbered.write(f'{number}: {line}')
            number += 1
        else:
            numbered.write('\n')
