def longest_line(path):
    with open(path) as file:
        return max(file.read().splitlines(), default='')
