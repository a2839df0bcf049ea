def pet_card(name, kind='dog', **facts):
    card = name + ' the ' + kind
    before = ' ('
    for fact in facts:
        card += before + fact + ': ' + str(facts[fact])
        before = ', '
    if before == ', ':
        card += ')'
    return card
