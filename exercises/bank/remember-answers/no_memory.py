def remember(function):
    def remembered(*arguments):
        return function(*arguments)

    return remembered
