errors = []
warnings = []
with open('app.log') as log:
    for line in log:
        line = line.rstrip('\n')
        if line.startswith('ERROR '):
            errors.append(line)
        elif line.startswith('WARNING '):
            warnings.append(line)
with open('errors.txt', 'w') as out:
    for message in errors:
        out.write(message + '\n')
with open('warnings.txt', 'w') as out:
    for message in warnings:
        out.write(message + '\n')
print(f'{len(errors)} errors, {len(warnings)} warnings')
