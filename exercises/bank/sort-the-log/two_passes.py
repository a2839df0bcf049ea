def copy_messages(level, target):
    start = level + ' '
    count = 0
    with open('app.log') as log:
        with open(target, 'w') as out:
            for line in log:
                if line.startswith(start):
                    message = line[len(start):]
                    if not message.endswith('\n'):
                        message += '\n'
                    out.write(message)
                    count += 1
    return count


error_count = copy_messages('ERROR', 'errors.txt')
warning_count = copy_messages('WARNING', 'warnings.txt')
print(error_count, 'errors,', warning_count, 'warnings')
