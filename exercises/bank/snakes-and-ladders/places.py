def play(rolls, last, jumps):
    game = iter(rolls)
    places = [0]
    while places[-1] < last:
        roll = next(game, None)
        if roll is None:
            break
        here = places[-1]
        there = here + roll
        places.append(here if there > last else jumps.get(there, there))
    return places[-1], len(places) - 1
