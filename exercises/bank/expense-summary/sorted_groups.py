import csv
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

with open('expenses.csv', newline='') as file:
    rows = sorted(csv.DictReader(file), key=itemgetter('category'))


def quoted(text):
    if ',' in text or '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return text


with open('summary.csv', 'w') as file:
    print('category,total', file=file)
    for category, group in groupby(rows, key=itemgetter('category')):
        total = sum((Decimal(row['amount']) for row in group), Decimal('0.00'))
        print(quoted(category), total, sep=',', file=file)
