def longest_line(path):
    longest = 0
    with open(path) as file:
        for line in file:
            line = line.rstrip('\n')
            longest = max(longest, len(line))
    return longest
