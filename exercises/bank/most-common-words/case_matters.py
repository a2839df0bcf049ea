from collections import Counter


def common_words(text, n):
    counts = Counter(text.split())
    words = sorted(counts, key=lambda word: (-counts[word], word))
    return [word.lower() for word in words[:n]]
