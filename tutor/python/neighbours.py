"""Makes inputs near those of an exercise's tests, to find what a changed program does differently. Trusted code."""

import ast
import json

MOST = 160


def literals(tree):
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]


def numbers(values):
    return [value for value in values if isinstance(value, int) and not isinstance(value, bool)]


def near_number(value, pool, negative):
    near = [value - 1, value + 1, 0, 1, *(other + step for other in pool for step in (0, -1, 1))]
    return [other for other in dict.fromkeys(near) if other != value and (negative or other >= 0)]


def near_text(value, pool):
    near = ["", value[:-1], value[1:], value * 2, value[::-1], value.upper(), value.lower(), *(other for other in pool if len(other) <= 20)]
    return [other for other in dict.fromkeys(near) if other != value]


def near_items(items):
    near = [[], items[1:], items[:-1], items[::-1], items[:1], items * 2, items[:1] * 2]
    return [other for other in near if len(other) != len(items) or other != items]


def replacements(node, pools, negative):
    match node:
        case ast.Constant(value=bool() as value):
            return [ast.Constant(not value)]
        case ast.Constant(value=int() as value):
            return [ast.Constant(other) for other in near_number(value, pools[0], negative)]
        case ast.Constant(value=float() as value):
            return [ast.Constant(other) for other in (value + 1, value - 1, 0.0, value / 2) if negative or other >= 0]
        case ast.Constant(value=str() as value):
            return [ast.Constant(other) for other in near_text(value, pools[1])]
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [type(node)(other, ast.Load()) for other in near_items(items)]
        case ast.Dict(keys=keys, values=values) if keys:
            return [ast.Dict([], []), ast.Dict(keys[1:], values[1:]), ast.Dict(keys[:-1], values[:-1])]
    return []


def near_call(call, pools, negative):
    tree = ast.parse(call.strip(), mode="eval")
    found = []
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            for index, child in list(enumerate(value)) if isinstance(value, list) else [(None, value)]:
                if not isinstance(child, ast.AST):
                    continue
                for new in replacements(child, pools, negative):
                    if index is None:
                        setattr(parent, field, new)
                    else:
                        value[index] = new
                    found.append(ast.unparse(tree))
                if index is None:
                    setattr(parent, field, child)
                else:
                    value[index] = child
    return found


def near_input(stdin, pools, negative):
    lines = stdin.split("\n")
    found = []
    for at, line in enumerate(lines):
        words = line.split(" ")
        for place, word in enumerate(words):
            try:
                others = [str(other) for other in near_number(int(word), pools[0], negative)]
            except ValueError:
                others = near_text(word, pools[1]) if word else []
            for other in others:
                changed = [*words[:place], other, *words[place + 1:]]
                found.append("\n".join([*lines[:at], " ".join(changed), *lines[at + 1:]]))
    return found


def run(text):
    """JSON {source, calls, stdins} -> (calls, stdins), evenly chosen when there are too many."""
    asked = json.loads(text)
    values = literals(ast.parse(asked["source"]))
    pools = list(dict.fromkeys(numbers(values)))[:12], list(dict.fromkeys(value for value in values if isinstance(value, str)))[:8]
    negative = any("-" in text for text in asked["calls"] + asked["stdins"])
    calls = dict.fromkeys(other for call in asked["calls"] for other in near_call(call, pools, negative))
    stdins = dict.fromkeys(other for stdin in asked["stdins"] for other in near_input(stdin, pools, negative))
    few = lambda found, known: [one for one in found if one not in known][:: max(1, -(-len(found) // MOST))]
    return few(list(calls), set(asked["calls"])), few(list(stdins), set(asked["stdins"]))
