def remember(function):
    answers = {}

    def remembered(*arguments):
        first = arguments[0]
        if first not in answers:
            answers[first] = function(*arguments)
        return answers[first]

    return remembered
