def hints(field):
    if not field:
        return []
    width = len(field[0])
    padded = ['.' * (width + 2)] + ['.' + row + '.' for row in field] + ['.' * (width + 2)]
    steps = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]
    rows = []
    for y in range(1, len(field) + 1):
        squares = []
        for x in range(1, width + 1):
            around = sum(padded[y + down][x + right] == '*' for down, right in steps)
            squares.append('*' if padded[y][x] == '*' else str(around))
        rows.append(''.join(squares))
    return rows
