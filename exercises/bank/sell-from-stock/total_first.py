import json
from collections import Counter
from pathlib import Path


def sell(stock_path, sales_path):
    sold = Counter()
    for line in Path(sales_path).read_text().splitlines():
        article, pieces = line.split(' ')
        sold[article] += int(pieces)
    stock = json.loads(Path(stock_path).read_text())
    for article, pieces in sold.items():
        if article not in stock:
            raise ValueError(f'{article} is not in stock')
        if pieces > stock[article]:
            raise ValueError(f'{pieces} {article} were sold, but there are {stock[article]}')
    left = {article: pieces - sold[article] for article, pieces in stock.items()}
    Path(stock_path).write_text(json.dumps(left, indent=2))
    return sorted(article for article, pieces in left.items() if pieces == 0)
