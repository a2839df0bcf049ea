def drinks_water():
    return "Norwegian"


def owns_zebra():
    return "Japanese"
