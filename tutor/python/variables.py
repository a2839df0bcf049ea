"""Which name of one program stands for which name of another, by how they are used: a part of `alignment.py`."""

import ast
import builtins
import re
from collections import Counter

WORD = re.compile(r"(\b[^\W\d]\w*\b)")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def parameters(node):
    given = node.args
    some = [*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg]
    return [one.arg for one in some if one is not None]


def bound(node):
    """The names that a function or a module binds, parameters first."""
    names = dict.fromkeys(parameters(node)) if isinstance(node, FUNCTIONS) else {}
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, (ast.Store, ast.Del)):
            names.setdefault(one.id)
        elif isinstance(one, ast.arg):
            names.setdefault(one.arg)
        elif isinstance(one, ast.ExceptHandler) and one.name:
            names.setdefault(one.name)
    return list(names)


def parts(node):
    """The simple statements and the heads of others, as trees."""
    for one in ast.walk(node):
        if isinstance(one, (ast.If, ast.While)):
            yield type(one).__name__, one.test
        elif isinstance(one, (ast.For, ast.AsyncFor, ast.comprehension)):
            yield "For", ast.Tuple([one.target, one.iter], ast.Load())
        elif isinstance(one, (ast.Assign, ast.AugAssign, ast.Return, ast.Expr)):
            yield type(one).__name__, one
        elif isinstance(one, (ast.Compare, ast.BinOp, ast.Call, ast.Subscript)):
            yield "part", one


def uses(node, names):
    """Each part with its kind, its text and the bound names in it."""
    found = []
    for kind, part in parts(node):
        inside = {one.id for one in ast.walk(part) if isinstance(one, ast.Name)} & names
        if inside:
            found.append((kind, type(part).__name__, WORD.split(ast.unparse(part)), inside))
    return found


def roles(parts, names, known):
    """For each name how often it stands in which surroundings: itself as §, the others as mapped, or as _."""
    found = {name: Counter() for name in names}
    words = {name: known.get(name, "_") for name in names}
    for kind, shape, text, inside in parts:
        for name in inside:
            masked = "".join("§" if word == name else words.get(word, word) for word in text)
            found[name][f"{kind} {masked}"] += 1 if kind == "part" else 2
            found[name][f"{kind} {shape}"] += 1
    return found


def likeness(one, other):
    return sum((one & other).values()) / max(1, sum((one | other).values()))


def name_map(right, own):
    """Maps each name that `right` binds to one of `own`, or to a free name."""
    names, mine = bound(right), bound(own)
    both = isinstance(right, FUNCTIONS) and isinstance(own, FUNCTIONS)
    fixed = dict(zip(parameters(right), parameters(own))) if both else {}
    our_parts, their_parts = uses(own, set(mine)), uses(right, set(names))
    mapped = fixed
    for _ in range(2):
        ours = roles(our_parts, mine, {name: name for name in mapped.values()})
        theirs = roles(their_parts, names, mapped)
        pairs = [
            (likeness(theirs[name], ours[other]) + (0.3 if name == other else 0), -at, name, other)
            for name in names if name not in fixed
            for at, other in enumerate(mine) if other not in fixed.values()
        ]
        mapped, taken = dict(fixed), set(fixed.values())
        for value, _, name, other in sorted(pairs, reverse=True):
            if name not in mapped and other not in taken and value > 0.05:
                mapped[name] = other
                taken.add(other)
    used = {one.id for one in ast.walk(own) if isinstance(one, ast.Name)} | set(mine) | set(mapped.values())
    for name in names:
        if name not in mapped:
            free = name
            while free in used or hasattr(builtins, free):
                free += "_"
            mapped[name] = free
            used.add(free)
    return mapped


class Renamed(ast.NodeTransformer):
    def __init__(self, names):
        self.names = names

    def visit_Name(self, node):
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node):
        node.arg = self.names.get(node.arg, node.arg)
        node.annotation = None
        return node

    def visit_ExceptHandler(self, node):
        node.name = self.names.get(node.name, node.name)
        return self.generic_visit(node)

    def visit_Nonlocal(self, node):
        node.names = [self.names.get(name, name) for name in node.names]
        return node

    visit_Global = visit_Nonlocal
