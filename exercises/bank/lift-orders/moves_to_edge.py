floor = 0
ignored = 0
while True:
    order = input()
    if order == 'stop':
        break
    direction, count = order.split()
    if direction == 'up':
        floor = floor + int(count)
    else:
        floor = floor - int(count)
    if floor > 9:
        floor = 9
        ignored += 1
    elif floor < 0:
        floor = 0
        ignored += 1
print(f'floor {floor}, ignored {ignored}')
