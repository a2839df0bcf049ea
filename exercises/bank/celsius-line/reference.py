celsius = int(input())
fahrenheit = celsius * 9 / 5 + 32
print(f'{celsius} C = {fahrenheit:.1f} F')
