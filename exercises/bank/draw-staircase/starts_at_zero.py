steps = int(input())
for step in range(steps):
    print(' ' * (steps - step) + '#' * step)
