import sys

first, family = [line.strip() for line in sys.stdin.read().splitlines()]
letters = ''.join(family.lower().split())
print(first.lower()[:1] + letters[:7], 'Welcome, ' + first + ' ' + family + '!', sep='\n')
