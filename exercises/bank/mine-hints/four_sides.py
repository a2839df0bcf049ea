def hints(field):
    result = []
    for row in range(len(field)):
        text = ''
        for column in range(len(field[row])):
            if field[row][column] == '*':
                text += '*'
                continue
            mines = 0
            if row > 0 and field[row - 1][column] == '*':
                mines += 1
            if row < len(field) - 1 and field[row + 1][column] == '*':
                mines += 1
            if column > 0 and field[row][column - 1] == '*':
                mines += 1
            if column < len(field[row]) - 1 and field[row][column + 1] == '*':
                mines += 1
            text += str(mines)
        result.append(text)
    return result
