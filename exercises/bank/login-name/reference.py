first = input().strip()
family = input().strip()
login = first[0] + family.replace(' ', '')[:7]
print(login.lower())
print(f'Welcome, {first} {family}!')
