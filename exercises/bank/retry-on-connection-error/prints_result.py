def retry(action, times):
    for attempt in range(times):
        try:
            print(action())
            break
        except ConnectionError:
            if attempt == times - 1:
                raise
