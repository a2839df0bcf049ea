from heapq import heapify, heappop, heappush


def calls(events):
    waiting = []
    called = []
    for number, event in enumerate(events):
        words = event.split()
        if words[0] == 'arrive':
            heappush(waiting, (int(words[2]), number, words[1]))
        elif words[0] == 'leave':
            waiting = [entry for entry in waiting if entry[2] != words[1]]
            heapify(waiting)
        else:
            called.append(heappop(waiting)[2])
    return called
