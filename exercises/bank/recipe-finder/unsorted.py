def by_ingredient(recipes):
    found = {}
    for recipe, ingredients in recipes.items():
        for ingredient in ingredients:
            names = found.setdefault(ingredient, [])
            if recipe not in names:
                names.append(recipe)
    return found
