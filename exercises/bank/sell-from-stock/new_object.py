import json


def read_sales(path):
    with open(path) as file:
        for line in file.readlines():
            words = line.split()
            yield words[0], int(words[1])


def sell(stock_path, sales_path):
    with open(stock_path, 'r+') as file:
        stock = json.loads(file.read())
        for article, count in read_sales(sales_path):
            try:
                stock[article] -= count
            except KeyError:
                raise ValueError(article) from None
        if min(stock.values(), default=0) < 0:
            raise ValueError('more was sold than there is')
        file.seek(0)
        file.truncate()
        file.write(json.dumps(stock))
    empty = []
    for article in sorted(stock):
        if stock[article] == 0:
            empty.append(article)
    return empty
