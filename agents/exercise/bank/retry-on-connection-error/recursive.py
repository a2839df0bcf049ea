def retry(action, times):
    if times == 1:
        return action()
    try:
        return action()
    except ConnectionError:
        return retry(action, times - 1)
