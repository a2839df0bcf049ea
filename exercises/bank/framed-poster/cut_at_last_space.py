def read_words():
    words = []
    while True:
        try:
            words += input().split()
        except EOFError:
            return words


def main():
    width = int(input())
    text = ' '.join(read_words())
    edge = '-'.join(['+', '-' * width, '+'])
    print(edge)
    while text != '':
        if len(text) <= width:
            cut = len(text)
        else:
            cut = text.rfind(' ', 0, width + 1)
        line = text[:cut]
        print('| ' + line + ' ' * (width - len(line)) + ' |')
        text = text[cut:].lstrip()
    print(edge)


main()
