def receipt_line(label, cents):
    amount = f'{cents // 100}.{cents % 100:02}'
    return f'{label:12}{amount}'


total = 0
article = input()
while article:
    name, count, price = article.split(';')
    cost = int(count) * int(price)
    print(receipt_line(name, cost))
    total += cost
    article = input()
print(receipt_line('TOTAL', total))
