def hints(field):
    result = []
    for row in range(len(field)):
        text = ''
        for column in range(len(field[row])):
            if field[row][column] == '*':
                text += '*'
                continue
            mines = 0
            for y in (row - 1, row, row + 1):
                for x in (column - 1, column, column + 1):
                    try:
                        if field[y][x] == '*':
                            mines += 1
                    except IndexError:
                        pass
            text += str(mines)
        result.append(text)
    return result
