def retry(action, times):
    for _ in range(times - 1):
        try:
            return action()
        except ConnectionError:
            continue
    return action()
