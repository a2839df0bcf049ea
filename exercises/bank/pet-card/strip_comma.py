def pet_card(name, kind='dog', **facts):
    if len(facts) == 0:
        return '{} the {}'.format(name, kind)
    listed = ''
    for fact, value in facts.items():
        listed = '%s%s: %s, ' % (listed, fact, value)
    return '{} the {} ({})'.format(name, kind, listed[:-2])
