name = input()
edge = '+' + '-' * (len(name) + 2) + '+'
print(edge)
print('| ' + name + ' |')
print(edge)
