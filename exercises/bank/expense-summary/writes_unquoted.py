import csv

totals = {}
with open('expenses.csv', newline='') as file:
    for row in csv.DictReader(file):
        totals[row['category']] = totals.get(row['category'], 0) + float(row['amount'])

with open('summary.csv', 'w') as file:
    file.write('category,total\n')
    for category in sorted(totals):
        file.write(f'{category},{totals[category]:.2f}\n')
