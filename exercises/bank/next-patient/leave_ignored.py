from heapq import heappop, heappush


def calls(events):
    waiting = []
    called = []
    for number, event in enumerate(events):
        words = event.split()
        if words[0] == 'arrive':
            heappush(waiting, (int(words[2]), number, words[1]))
        elif words[0] == 'next':
            if waiting:
                called.append(heappop(waiting)[2])
            else:
                called.append(None)
    return called
