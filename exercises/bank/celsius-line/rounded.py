celsius = int(input())
print(celsius, 'C =', round(32 + 1.8 * celsius, 1), 'F')
