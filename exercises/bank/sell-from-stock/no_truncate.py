import json


def sell(stock_path, sales_path):
    with open(stock_path, 'r+') as stock_file:
        stock = json.load(stock_file)
        with open(sales_path) as file:
            for line in file:
                article, count = line.split()
                count = int(count)
                if article not in stock or stock[article] < count:
                    raise ValueError(article)
                stock[article] -= count
        stock_file.seek(0)
        json.dump(stock, stock_file)
    return sorted(article for article in stock if stock[article] == 0)
