celsius = int(input())
fahrenheit = celsius * 1.8 + 32
print(f'{celsius} C = {fahrenheit} F')
