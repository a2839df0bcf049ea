import os

MARK = '@include '


def read_lines(path):
    with open(path) as file:
        return [line.rstrip('\n') for line in file]


def expand(path):
    path = os.path.abspath(path)
    result = []
    # One entry per open file: its path and an iterator over its lines.
    stack = [(path, iter(read_lines(path)))]
    while stack:
        current, lines = stack[-1]
        line = next(lines, None)
        if line is None:
            stack.pop()
        elif line[:len(MARK)] == MARK:
            inner = os.path.abspath(os.path.join(os.path.dirname(current), line[len(MARK):]))
            if any(inner == opened for opened, _ in stack):
                raise ValueError('endless include')
            stack.append((inner, iter(read_lines(inner))))
        else:
            result.append(line)
    return result
