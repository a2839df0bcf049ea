def pet_card(name, kind='dog', **facts):
    card = f'{name} the {kind}'
    if facts:
        card += ' (' + ', '.join(f'{fact}: {value}' for fact, value in facts.items()) + ')'
    print(card)
