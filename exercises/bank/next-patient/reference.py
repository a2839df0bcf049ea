from heapq import heappop, heappush


def calls(events):
    waiting = []
    gone = set()
    called = []
    for number, event in enumerate(events):
        action, _, rest = event.partition(' ')
        if action == 'arrive':
            name, urgency = rest.split()
            heappush(waiting, (int(urgency), number, name))
            gone.discard(name)
        elif action == 'leave':
            gone.add(rest)
        else:
            while waiting and waiting[0][2] in gone:
                heappop(waiting)
            called.append(heappop(waiting)[2] if waiting else None)
    return called
