def receipt_line(label, cents):
    amount = str(cents // 100) + '.' + str(cents % 100)
    return label.ljust(12) + amount.rjust(8)


total = 0
article = input()
while article:
    name, count, price = article.split(';')
    cost = int(count) * int(price)
    print(receipt_line(name, cost))
    total += cost
    article = input()
print(receipt_line('TOTAL', total))
