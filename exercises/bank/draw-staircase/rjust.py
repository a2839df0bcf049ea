steps = int(input())
stair = ''
for _ in range(steps):
    stair += '#'
    print(stair.rjust(steps))
