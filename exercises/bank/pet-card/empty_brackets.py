def pet_card(name, kind='dog', **facts):
    listed = ', '.join(f'{fact}: {value}' for fact, value in facts.items())
    return f'{name} the {kind} ({listed})'
