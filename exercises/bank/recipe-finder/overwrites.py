def by_ingredient(recipes):
    found = {}
    for recipe in sorted(recipes):
        for ingredient in recipes[recipe]:
            found[ingredient] = [recipe]
    return found
