from collections import defaultdict


def by_ingredient(recipes):
    pairs = {(ingredient, recipe) for recipe in recipes for ingredient in recipes[recipe]}
    found = defaultdict(list)
    for ingredient, recipe in sorted(pairs):
        found[ingredient] += [recipe]
    return dict(found)
