name = input().strip()
edge = '+' + '-' * (len(name) + 1) + '+'
print(edge)
print('| ' + name + ' |')
print(edge)
