def remember(function):
    answers = {}

    def remembered(*arguments):
        if arguments not in answers:
            answers[arguments] = function(*arguments)
        return answers[arguments]

    return remembered
