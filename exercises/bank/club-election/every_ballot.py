ballots = int(input())
names = []
for _ in range(ballots):
    names.append(input())
if not names:
    print('no votes')
for name in sorted(names, key=lambda name: (-names.count(name), name)):
    print(f'{name}: {names.count(name)}')
