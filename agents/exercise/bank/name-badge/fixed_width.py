name = input().strip()
print('+--------------+')
print('| ' + name + ' |')
print('+--------------+')
