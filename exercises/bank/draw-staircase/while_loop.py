steps = int(input())
spaces = steps - 1
while spaces >= 0:
    line = ''
    for column in range(steps):
        if column < spaces:
            line = line + ' '
        else:
            line = line + '#'
    print(line)
    spaces -= 1
