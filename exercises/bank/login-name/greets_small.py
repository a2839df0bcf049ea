first = input().strip().lower()
family = input().strip().lower()
login = first[0] + family.replace(' ', '')[:7]
print(login)
print(f'Welcome, {first} {family}!')
