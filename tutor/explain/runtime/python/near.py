"""Names that are close to another one; part of `diagnose.py`."""


def distance(one, other, limit=4):
    """Edits of one character, or swaps of neighbours, between two names (Damerau-Levenshtein, optimal alignment)."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before, last = [], list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        row = [at]
        for to, mate in enumerate(other, 1):
            cost = min(last[to] + 1, row[to - 1] + 1, last[to - 1] + (letter != mate))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == mate:
                cost = min(cost, before[to - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def plain(name):
    return name.lower().replace("_", "")


def cost_of(name, other):
    """How far apart two names are; None when they are not alike."""
    if name == other:
        return None
    if plain(name) == plain(other):
        return 0.5
    short = min(len(name), len(other))
    if short <= 1:
        return None
    steps = distance(name.lower(), other.lower())
    if steps <= (1 if short <= 5 else 2 if short <= 9 else 3) and steps < short * 0.6:
        return steps if short > 2 else steps + 1
    if len(plain(name)) >= 3 and plain(other) in (plain(name) + "s", plain(name) + "es"):
        return 1
    if short >= 4 and short * 5 >= max(len(name), len(other)) * 3 and (plain(other).startswith(plain(name)) or plain(name).startswith(plain(other))):
        return 3
    parts, mates = set(name.lower().split("_")), set(other.lower().split("_"))
    return 3 if "_" in name + other and parts & mates and (parts <= mates or mates <= parts) else None


def nearest(name, others, limit=3):
    """The names that are like it, the likest first; of equals the earlier."""
    name = name[:60]
    costs = [(cost_of(name, other), at, other) for at, other in enumerate(dict.fromkeys(others)) if len(other) <= 60]
    return [other for cost, _, other in sorted(one for one in costs if one[0] is not None)][:limit]
