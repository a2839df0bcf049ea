import csv
from collections import defaultdict

totals = defaultdict(float)
with open('expenses.csv', newline='') as expenses:
    for row in csv.DictReader(expenses):
        totals[row['category']] += float(row['amount'])

with open('summary.csv', 'w', newline='') as summary:
    writer = csv.writer(summary)
    writer.writerow(['category', 'total'])
    for category, total in sorted(totals.items()):
        writer.writerow([category, f'{total:.2f}'])
