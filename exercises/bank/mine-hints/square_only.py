def hints(field):
    size = len(field)
    result = []
    for row in range(size):
        text = ''
        for column in range(size):
            if field[row][column] == '*':
                text += '*'
                continue
            mines = 0
            for y in range(max(row - 1, 0), min(row + 2, size)):
                for x in range(max(column - 1, 0), min(column + 2, size)):
                    if field[y][x] == '*':
                        mines += 1
            text += str(mines)
        result.append(text)
    return result
