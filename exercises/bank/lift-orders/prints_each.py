floor = 0
ignored = 0
while True:
    order = input()
    if order == 'stop':
        break
    direction, count = order.split()
    if direction == 'up':
        target = floor + int(count)
    else:
        target = floor - int(count)
    if 0 <= target <= 9:
        floor = target
    else:
        ignored += 1
    print(f'floor {floor}, ignored {ignored}')
