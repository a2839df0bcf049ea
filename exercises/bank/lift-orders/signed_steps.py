signs = {'up': 1, 'down': -1}
floor = ignored = 0
order = input().split()
while order[0] != 'stop':
    step = signs[order[0]] * int(order[1])
    if floor + step in range(10):
        floor += step
    else:
        ignored += 1
    order = input().split()
print('floor ' + str(floor) + ', ignored ' + str(ignored))
