import json


def sell(stock_path, sales_path):
    with open(stock_path) as file:
        stock = json.load(file)
    sold = {}
    with open(sales_path) as file:
        for line in file:
            article, count = line.split()
            sold[article] = int(count)
    for article, count in sold.items():
        if article not in stock or stock[article] < count:
            raise ValueError(article)
        stock[article] -= count
    with open(stock_path, 'w') as file:
        json.dump(stock, file)
    return sorted(article for article in stock if stock[article] == 0)
