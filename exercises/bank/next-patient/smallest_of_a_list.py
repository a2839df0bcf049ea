def calls(events):
    waiting = {}
    called = []
    for event in events:
        if event == 'next':
            name = min(waiting, key=waiting.get, default=None)
            called.append(name)
            waiting.pop(name, None)
        elif event.startswith('leave'):
            waiting.pop(event.split()[1], None)
        else:
            _, name, urgency = event.split()
            waiting[name] = int(urgency)
    return called
