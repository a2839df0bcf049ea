def password_problems(password):
    short, no_digit, no_capital, space = True, True, True, False
    for position, character in enumerate(password):
        if position >= 7:
            short = False
        if '0' <= character <= '9':
            no_digit = False
        elif 'A' <= character <= 'Z':
            no_capital = False
        elif character == ' ':
            space = True
    names = ['too short', 'no digit', 'no capital', 'has space']
    return [name for name, wrong in zip(names, [short, no_digit, no_capital, space]) if wrong]
