from heapq import heapify, heappop, heappush


def calls(events):
    waiting = []
    called = []
    for event in events:
        words = event.split()
        if words[0] == 'arrive':
            heappush(waiting, (int(words[2]), words[1]))
        elif words[0] == 'leave':
            waiting = [entry for entry in waiting if entry[1] != words[1]]
            heapify(waiting)
        elif waiting:
            called.append(heappop(waiting)[1])
        else:
            called.append(None)
    return called
