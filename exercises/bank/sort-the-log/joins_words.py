errors = []
warnings = []
with open('app.log') as log:
    for line in log:
        words = line.split()
        if len(words) == 0:
            continue
        message = ' '.join(words[1:])
        if words[0] == 'ERROR':
            errors.append(message + '\n')
        elif words[0] == 'WARNING':
            warnings.append(message + '\n')
with open('errors.txt', 'w') as out:
    out.writelines(errors)
with open('warnings.txt', 'w') as out:
    out.writelines(warnings)
print(f'{len(errors)} errors, {len(warnings)} warnings')
