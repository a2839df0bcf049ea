celsius = int(input())
fahrenheit = (celsius + 32) * 9 / 5
print(f'{celsius} C = {fahrenheit:.1f} F')
