name = input()
while name.startswith(' '):
    name = name[1:]
while name.endswith(' '):
    name = name[:-1]
width = len(name) + 2
border = '+'.join(['', width * '-', ''])
for row in [border, '|' + name.center(width) + '|', border]:
    print(row)
