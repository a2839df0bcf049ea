import csv

totals = {}
with open('expenses.csv', newline='') as file:
    reader = csv.reader(file)
    next(reader)
    for row in reader:
        totals[row[1]] = totals.get(row[1], 0) + float(row[2])

with open('summary.csv', 'w', newline='') as file:
    writer = csv.writer(file)
    writer.writerow(['category', 'total'])
    for category in sorted(totals):
        writer.writerow([category, f'{totals[category]:.2f}'])
