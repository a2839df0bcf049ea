def pet_card(name, kind='dog', **facts):
    card = f'{name} the {kind}'
    if facts:
        card += ' ('
        for fact, value in facts.items():
            card += f'{fact}: {value}, '
        card += ')'
    return card
