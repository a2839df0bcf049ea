def longest_line(path):
    longest = ''
    with open(path, encoding='utf-8') as file:
        for line in file:
            if line.endswith('\n'):
                line = line[:-1]
            if len(line) > len(longest):
                longest = line
    return longest
