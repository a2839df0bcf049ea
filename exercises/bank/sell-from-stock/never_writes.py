import json


def sell(stock_path, sales_path):
    with open(stock_path) as file:
        stock = json.load(file)
    with open(sales_path) as file:
        for line in file:
            article, count = line.split()
            count = int(count)
            if article not in stock or stock[article] < count:
                raise ValueError(article)
            stock[article] -= count
    return sorted(article for article in stock if stock[article] == 0)
