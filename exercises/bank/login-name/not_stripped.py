first = input()
family = input()
login = first[0] + family.replace(' ', '')[:7]
print(login.lower())
print(f'Welcome, {first} {family}!')
