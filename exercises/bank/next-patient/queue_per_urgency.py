from collections import defaultdict, deque


def calls(events):
    queues = defaultdict(deque)
    called = []
    for event in events:
        match event.split():
            case ['arrive', name, urgency]:
                queues[int(urgency)].append(name)
            case ['leave', name]:
                for queue in queues.values():
                    if name in queue:
                        queue.remove(name)
            case ['next']:
                for urgency in sorted(queues):
                    if queues[urgency]:
                        called.append(queues[urgency].popleft())
                        break
                else:
                    called.append(None)
    return called
