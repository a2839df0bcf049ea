number = input()
print(number * 2)
