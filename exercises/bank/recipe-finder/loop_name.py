def by_ingredient(recipes):
    found = {}
    for recipe in sorted(recipes):
        for recipe in set(recipes[recipe]):
            found.setdefault(recipe, []).append(recipe)
    return found
