def remember(function):
    answers = {}

    def remembered(*arguments):
        if not answers.get(arguments):
            answers[arguments] = function(*arguments)
        return answers[arguments]

    return remembered
