name = input('What is your name? ').strip()
edge = '+' + '-' * (len(name) + 2) + '+'
print(edge)
print('| ' + name + ' |')
print(edge)
