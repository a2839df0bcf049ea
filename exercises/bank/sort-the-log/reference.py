errors = 0
warnings = 0
with open('app.log') as log, open('errors.txt', 'w') as error_file, open('warnings.txt', 'w') as warning_file:
    for line in log:
        level, _, message = line.rstrip('\n').partition(' ')
        if level == 'ERROR':
            errors += 1
            print(message, file=error_file)
        elif level == 'WARNING':
            warnings += 1
            print(message, file=warning_file)
print(f'{errors} errors, {warnings} warnings')
