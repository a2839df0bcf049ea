def pet_card(name, kind='dog', **facts):
    card = f'{name} the dog'
    if facts:
        card += ' (' + ', '.join(f'{fact}: {value}' for fact, value in facts.items()) + ')'
    return card
