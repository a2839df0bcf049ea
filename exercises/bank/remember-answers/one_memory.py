answers = {}


def remember(function):
    def remembered(*arguments):
        if arguments not in answers:
            answers[arguments] = function(*arguments)
        return answers[arguments]

    return remembered
