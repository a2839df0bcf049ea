from heapq import heappop, heappush


def calls(events):
    waiting = []
    gone = set()
    called = []
    for number, event in enumerate(events):
        words = event.split()
        if words[0] == 'arrive':
            heappush(waiting, (int(words[2]), number, words[1]))
        elif words[0] == 'leave':
            gone.add(words[1])
        else:
            name = heappop(waiting)[2] if waiting else None
            called.append(None if name in gone else name)
    return called
