def longest_line(path):
    with open(path) as file:
        lines = file.read().splitlines()
    longest = lines[0]
    for line in lines[1:]:
        if len(line) > len(longest):
            longest = line
    return longest
