def by_ingredient(recipes):
    found = {}
    for recipe in sorted(recipes):
        for ingredient in recipes[recipe]:
            if ingredient not in found:
                found[ingredient] = []
            found[ingredient].append(recipe)
    return found
