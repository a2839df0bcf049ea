totals = {}
with open('expenses.csv') as file:
    header = file.readline().strip().split(',')
    for line in file:
        fields = dict(zip(header, line.strip().split(',')))
        category = fields['category']
        totals[category] = totals.get(category, 0) + float(fields['amount'])

with open('summary.csv', 'w') as file:
    file.write('category,total\n')
    for category in sorted(totals):
        file.write(f'{category},{totals[category]:.2f}\n')
