from collections import Counter
from heapq import heapify, heappop


def common_words(text, n):
    heap = [(-count, word) for word, count in Counter(text.casefold().split()).items()]
    heapify(heap)
    result = []
    while heap and len(result) < n:
        result.append(heappop(heap)[1])
    return result
