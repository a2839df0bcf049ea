import csv

totals = {}
with open('expenses.csv', newline='') as file:
    for row in csv.DictReader(file):
        totals[row['category']] = float(row['amount'])

with open('summary.csv', 'w', newline='') as file:
    writer = csv.writer(file)
    writer.writerow(['category', 'total'])
    for category in sorted(totals):
        writer.writerow([category, f'{totals[category]:.2f}'])
