with open('poem.txt') as poem, open('numbered.txt', 'w') as numbered:
    for number, line in enumerate(poem, 1):
        if line.strip():
            numbered.write(f'{number}: {line}')
        else:
            numbered.write('\n')
