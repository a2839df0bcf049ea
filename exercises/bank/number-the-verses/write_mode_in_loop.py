number = 1
open('numbered.txt', 'w').close()
with open('poem.txt') as poem:
    for line in poem:
        with open('numbered.txt', 'w') as numbered:
            if line.strip():
                numbered.write(f'{number}: {line}')
                number += 1
            else:
                numbered.write('\n')
