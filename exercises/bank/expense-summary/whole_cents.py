import csv


def cents(amount):
    return int(amount.replace('.', ''))


def amount(cents):
    sign = '-' if cents < 0 else ''
    whole, rest = divmod(abs(cents), 100)
    return f'{sign}{whole}.{rest:02d}'


totals = {}
with open('expenses.csv') as file:
    rows = list(csv.reader(file))
columns = {name: at for at, name in enumerate(rows[0])}
for row in rows[1:]:
    name = row[columns['category']]
    totals[name] = totals.get(name, 0) + cents(row[columns['amount']])

with open('summary.csv', 'w') as file:
    writer = csv.DictWriter(file, ['category', 'total'], lineterminator='\n')
    writer.writeheader()
    for name in sorted(totals):
        writer.writerow({'total': amount(totals[name]), 'category': name})
