def longest_line(path):
    longest = ''
    with open(path) as file:
        for line in file:
            line = line.rstrip('\n')
            if len(line) > len(longest):
                longest = line
            return longest
    return longest
