def by_ingredient(recipes):
    found = {}
    for recipe in sorted(recipes):
        while recipes[recipe]:
            ingredient = recipes[recipe].pop()
            names = found.setdefault(ingredient, [])
            if recipe not in names:
                names.append(recipe)
    return found
