import sys


def receipt_line(label, cents):
    digits = str(cents).rjust(3, '0')
    amount = digits[:-2] + '.' + digits[-2:]
    return label + ' ' * (20 - len(label) - len(amount)) + amount


costs = []
for line in sys.stdin.read().split('\n'):
    if line == '':
        break
    parts = line.split(';')
    costs.append(int(parts[1]) * int(parts[2]))
    print(receipt_line(parts[0], costs[-1]))
print(receipt_line('TOTAL', sum(costs)))
