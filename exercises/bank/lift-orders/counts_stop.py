floor = 0
moved = 0
orders = 0
order = ''
while order != 'stop':
    order = input()
    orders += 1
    words = order.split()
    if words[0] == 'up' and floor + int(words[1]) <= 9:
        floor += int(words[1])
        moved += 1
    elif words[0] == 'down' and floor - int(words[1]) >= 0:
        floor -= int(words[1])
        moved += 1
print(f'floor {floor}, ignored {orders - moved}')
