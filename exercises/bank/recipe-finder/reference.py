def by_ingredient(recipes):
    found = {}
    for recipe, ingredients in recipes.items():
        for ingredient in set(ingredients):
            found.setdefault(ingredient, []).append(recipe)
    for names in found.values():
        names.sort()
    return found
