errors = []
warnings = []
with open('app.log') as log:
    for line in log:
        line = line.rstrip('\n')
        if 'ERROR' in line:
            errors.append(line[6:])
        elif 'WARNING' in line:
            warnings.append(line[8:])
with open('errors.txt', 'w') as out:
    for message in errors:
        out.write(message + '\n')
with open('warnings.txt', 'w') as out:
    for message in warnings:
        out.write(message + '\n')
print(f'{len(errors)} errors, {len(warnings)} warnings')
