def retry(action, times):
    for attempt in range(times):
        try:
            answer = action()
        except ConnectionError:
            answer = None
            if attempt == times - 1:
                raise
        if answer:
            return answer
