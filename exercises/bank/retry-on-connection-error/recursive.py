def retry(action, times):
    try:
        return action()
    except ConnectionError:
        if times == 1:
            raise
    return retry(action, times - 1)
