def hints(field):
    numbers = [[0] * len(row) for row in field]
    mines = [(y, x) for y, row in enumerate(field) for x, square in enumerate(row) if square == '*']
    for mine_y, mine_x in mines:
        for y, row in enumerate(numbers):
            if abs(y - mine_y) > 1:
                continue
            for x in range(len(row)):
                if abs(x - mine_x) <= 1:
                    row[x] += 1
    lines = [''.join(map(str, row)) for row in numbers]
    for y, x in mines:
        lines[y] = lines[y][:x] + '*' + lines[y][x + 1 :]
    return lines
