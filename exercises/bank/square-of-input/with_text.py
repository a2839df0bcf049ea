text = input()
value = int(text)
print(str(value * value))
