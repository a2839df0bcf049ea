def retry(action, times):
    for attempt in range(times):
        try:
            return action()
        except ConnectionError:
            pass
