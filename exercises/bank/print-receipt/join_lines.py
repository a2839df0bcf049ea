def receipt_line(label, cents):
    amount = '%.2f' % (cents / 100)
    return label.ljust(12) + amount.rjust(8)


def read_articles():
    articles = []
    while (line := input()) != '':
        name, count, price = line.split(';')
        articles.append((name, int(count) * int(price)))
    return articles


articles = read_articles()
articles.append(('TOTAL', sum(cost for _, cost in articles)))
print('\n'.join(receipt_line(*article) for article in articles))
