errors = 0
warnings = 0
open('errors.txt', 'w').close()
open('warnings.txt', 'w').close()
with open('app.log') as log:
    for line in log:
        level, _, message = line.rstrip('\n').partition(' ')
        if level == 'ERROR':
            errors += 1
            with open('errors.txt', 'w') as out:
                out.write(message + '\n')
        elif level == 'WARNING':
            warnings += 1
            with open('warnings.txt', 'w') as out:
                out.write(message + '\n')
print(f'{errors} errors, {warnings} warnings')
