steps = int(input())
for step in range(steps, 0, -1):
    print(' ' * (steps - step) + '#' * step)
