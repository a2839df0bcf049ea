def retry(action, times):
    for attempt in range(times):
        try:
            return action()
        except:
            if attempt == times - 1:
                raise
