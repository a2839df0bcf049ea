def pet_card(name, kind='dog', **facts):
    card = f'{name} the {kind}'
    if facts:
        card += ' (' + ', '.join(f'{fact}: {facts[fact]}' for fact in sorted(facts)) + ')'
    return card
