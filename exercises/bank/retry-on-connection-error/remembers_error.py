def retry(action, times):
    last = None
    while times > 0:
        times -= 1
        try:
            answer = action()
        except ConnectionError as error:
            last = error
        else:
            return answer
    raise last
