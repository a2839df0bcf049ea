def hints(field):
    result = []
    for row, line in enumerate(field):
        text = ''
        for column in range(len(line)):
            mines = 0
            for near in field[max(row - 1, 0) : row + 2]:
                mines += near[max(column - 1, 0) : column + 2].count('*')
            text += str(mines)
        result.append(text)
    return result
