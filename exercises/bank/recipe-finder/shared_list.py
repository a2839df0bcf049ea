def by_ingredient(recipes):
    every = set()
    for ingredients in recipes.values():
        every.update(ingredients)
    found = dict.fromkeys(every, [])
    for recipe in sorted(recipes):
        for ingredient in set(recipes[recipe]):
            found[ingredient].append(recipe)
    return found
