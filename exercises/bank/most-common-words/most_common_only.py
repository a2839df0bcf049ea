from collections import Counter


def common_words(text, n):
    counts = Counter(text.lower().split())
    return [word for word, count in counts.most_common(n)]
