def number_lines(lines):
    result = []
    count = 0
    for line in lines:
        if line.strip() == '':
            result.append('\n')
        else:
            count = count + 1
            result.append(str(count) + ': ' + line)
    return result


file = open('poem.txt')
lines = file.readlines()
file.close()

file = open('numbered.txt', 'w')
file.writelines(number_lines(lines))
file.close()
