errors = []
warnings = []
with open('app.log') as log:
    for line in log:
        level, _, message = line.rstrip('\n').partition(' ')
        if level == 'ERROR':
            errors.append(message)
        elif level == 'WARNING':
            warnings.append(message)
with open('errors.txt', 'w') as out:
    for message in errors:
        out.write(message)
with open('warnings.txt', 'w') as out:
    for message in warnings:
        out.write(message)
print(f'{len(errors)} errors, {len(warnings)} warnings')
