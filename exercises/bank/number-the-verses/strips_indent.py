number = 1
with open('poem.txt') as poem, open('numbered.txt', 'w') as numbered:
    for line in poem:
        line = line.strip()
        if line:
            numbered.write(f'{number}: {line}\n')
            number += 1
        else:
            numbered.write('\n')
