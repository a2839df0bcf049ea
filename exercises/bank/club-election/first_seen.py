ballots = int(input())
votes = {}
for _ in range(ballots):
    name = input()
    votes[name] = votes.get(name, 0) + 1
if not votes:
    print('no votes')
for name in sorted(votes, key=votes.get, reverse=True):
    print(f'{name}: {votes[name]}')
