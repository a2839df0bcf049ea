from collections import Counter


def common_words(text, n):
    counts = Counter(text.lower().split())
    ordered = sorted(counts, key=lambda word: (counts[word], word), reverse=True)
    return ordered[:n]
