errors = []
warnings = []
with open('app.log') as log:
    for line in log:
        level, _, message = line.rstrip('\n').partition(' ')
        if level == 'ERROR':
            errors.append(message + '\n')
        elif level == 'WARNING':
            warnings.append(message + '\n')
if errors:
    with open('errors.txt', 'w') as out:
        out.writelines(errors)
if warnings:
    with open('warnings.txt', 'w') as out:
        out.writelines(warnings)
print(f'{len(errors)} errors, {len(warnings)} warnings')
