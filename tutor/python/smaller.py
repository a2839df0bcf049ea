"""Smaller inputs: `run(text)` takes JSON {calls, stdins} and returns (calls, stdins), each a list of (index of the input it is from, text).

A number goes towards 0, a text, list, tuple, set or dict gets shorter; several steps of that are tried.
"""

import ast
import json

STEPS = 4
MOST = 120  # of one input
FRONTIER = 24  # inputs that are made smaller in each step


def numbers(value):
    sign = -1 if value < 0 else 1
    near = {0, sign, 2 * sign, int(value / 2), value - sign}
    if isinstance(value, float):
        near = {0.0, float(sign), sign * 0.5, float(int(value)), round(value, 1)}
    return [one for one in near if abs(one) < abs(value)]


def shorter(items):
    """Parts of a sequence, the shortest first."""
    size = len(items)
    parts = [items[:0]] + [items[at:at + 1] for at in range(size)] + [items[:size // 2], items[size // 2:]]
    parts += [items[:at] + items[at + 1:] for at in range(size)] if size <= 12 else [items[1:], items[:-1]]
    return [part for part in parts if len(part) < size]


def signed(value):
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def literal(node):
    """The number that a node stands for, or None."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and type(getattr(node.operand, "value", None)) in (int, float):
        return -node.operand.value
    return node.value if isinstance(node, ast.Constant) and type(node.value) in (int, float) else None


def replacements(node):
    number = literal(node)
    if number is not None:
        yield from (signed(one) for one in numbers(number))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from (ast.Constant(part) for part in shorter(node.value))
    elif isinstance(node, (ast.List, ast.Tuple)):
        yield from (type(node)(part, ast.Load()) for part in shorter(node.elts))
    elif isinstance(node, ast.Set):
        yield from (ast.Set(part) for part in shorter(node.elts) if part)
    elif isinstance(node, ast.Dict):
        yield from (ast.Dict([key for key, _ in part], [value for _, value in part]) for part in shorter(list(zip(node.keys, node.values))))


def places(node):
    """Every (parent, field, index or None, child) that is a literal in the arguments of a call."""
    for field, value in ast.iter_fields(node):
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST):
                continue
            yield node, field, index, child
            if literal(child) is None:
                yield from places(child)


def put(parent, field, index, node):
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def once(call):
    tree = ast.parse(call.strip(), mode="eval")
    for parent, field, index, child in list(places(tree)):
        if isinstance(parent, (ast.Subscript, ast.Slice, ast.JoinedStr, ast.FormattedValue)):
            continue
        for new in replacements(child):
            put(parent, field, index, new)
            yield ast.unparse(tree)
        put(parent, field, index, child)


def once_input(stdin):
    lines = stdin.splitlines()
    for part in shorter(lines):
        yield "".join(f"{line}\n" for line in part)
    for at, line in enumerate(lines):
        words = line.split(" ")
        others = [" ".join(part) for part in shorter(words)] if len(words) > 1 else [] if line.lstrip("-").isdigit() else list(shorter(line))
        for place, word in enumerate(words):
            if word.lstrip("-").isdigit() and word.count("-") < 2:
                others += [" ".join([*words[:place], str(number), *words[place + 1:]]) for number in numbers(int(word))]
        for other in others:
            yield "".join(f"{one}\n" for one in [*lines[:at], other, *lines[at + 1:]])


def smaller(start, step):
    """The inputs that a few steps make, the largest number of them, shortest first."""
    found, frontier = {start}, [start]
    for _ in range(STEPS):
        fresh = set()
        for one in frontier:
            try:
                fresh |= set(step(one))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
        fresh -= found
        found |= fresh
        frontier = sorted(fresh, key=lambda one: (len(one), one))[:: max(1, len(fresh) // FRONTIER)][:FRONTIER]
    ordered = sorted(found - {start}, key=lambda one: (len(one), one))
    if len(ordered) <= MOST:
        return ordered
    # The shortest, and others of every length.
    rest = ordered[MOST // 2:]
    return ordered[: MOST // 2] + rest[:: max(1, len(rest) // (MOST // 2))][: MOST // 2]


def run(text):
    asked = json.loads(text)
    return (
        [(at, one) for at, call in enumerate(asked["calls"]) for one in smaller(call, once)],
        [(at, one) for at, stdin in enumerate(asked["stdins"]) for one in smaller(stdin, once_input)],
    )
