from pathlib import Path

messages = {'ERROR': [], 'WARNING': []}
for line in Path('app.log').read_text().split('\n'):
    parts = line.split(' ', maxsplit=1)
    if parts[0] in messages:
        messages[parts[0]].append(parts[1])

for level, name in [('ERROR', 'errors.txt'), ('WARNING', 'warnings.txt')]:
    Path(name).write_text(''.join(message + '\n' for message in messages[level]))

print('{} errors, {} warnings'.format(len(messages['ERROR']), len(messages['WARNING'])))
