def by_ingredient(recipes):
    found = {}
    for recipe in sorted(recipes):
        for ingredient in recipes[recipe]:
            if ingredient not in found:
                found[ingredient] = [recipe]
            elif found[ingredient][-1] != recipe:
                found[ingredient].append(recipe)
    return found
