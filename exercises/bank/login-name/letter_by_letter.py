first_name = input().strip()
family_name = input().strip()

login = ''
for letter in first_name[0] + family_name:
    if letter != ' ' and len(login) < 8:
        login += letter.lower()

print(login)
print('Welcome, %s %s!' % (first_name, family_name))
