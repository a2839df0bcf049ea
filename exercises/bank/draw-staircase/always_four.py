steps = int(input())
for step in range(1, 5):
    print(' ' * (4 - step) + '#' * step)
