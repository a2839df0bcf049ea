def retry(action, times):
    for attempt in range(times):
        try:
            return action()
        except ConnectionError:
            print('no connection, trying again')
    raise RuntimeError('no connection')
