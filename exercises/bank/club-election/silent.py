ballots = int(input())
votes = {}
for _ in range(ballots):
    name = input()
    votes[name] = votes.get(name, 0) + 1
for name in sorted(votes, key=lambda name: (-votes[name], name)):
    print(f'{name}: {votes[name]}')
