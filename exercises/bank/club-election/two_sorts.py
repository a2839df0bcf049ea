names = []
for ballot in range(int(input())):
    names.append(input())
names.sort()

table = []
for name in names:
    if table and table[-1][1] == name:
        table[-1][0] += 1
    else:
        table.append([1, name])
table.sort(key=lambda row: row[0], reverse=True)

if len(table) == 0:
    print('no votes')
else:
    for count, name in table:
        print(name + ':', count)
