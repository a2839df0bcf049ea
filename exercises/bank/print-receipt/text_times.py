def receipt_line(label, cents):
    return f'{label:12}{cents // 100:5}.{cents % 100:02}'


total = 0
article = input()
while article:
    name, count, price = article.split(';')
    cost = int(count) * price
    print(receipt_line(name, cost))
    total += cost
    article = input()
print(receipt_line('TOTAL', total))
