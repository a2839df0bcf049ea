def calls(events):
    waiting = []
    called = []
    for event in events:
        words = event.split()
        if words[0] == 'arrive':
            waiting.append((int(words[2]), words[1]))
        elif words[0] == 'leave':
            waiting = [entry for entry in waiting if entry[1] != words[1]]
        elif waiting:
            best = max(waiting, key=lambda entry: entry[0])
            waiting.remove(best)
            called.append(best[1])
        else:
            called.append(None)
    return called
