"""Reads programs without running them: `run(text)` takes JSON {sources, calls} and returns (facts of each source, arguments).

Facts are a dict, or None when the source does not parse:

calls: [(name, line)], a method call also as `.name`; defined: names bound at the top; functions; imports: [line]; code_lines;
early: [line] of returns that end a loop in its first turn; prompts: [text]; changes: [(function, parameter, line)] of parameters
that it changes in place; smells: [(name, line, function or "")] of what is seldom meant. Arguments: for each of `calls` the source of a tuple of its arguments and the name that is called, or None.
"""

import ast
import json

TYPES = {"str", "list", "dict", "set", "tuple", "int", "float", "bytes"}


class Program:
    """A syntax tree and all its nodes in the order of `ast.walk`, which costs more than most of what is asked of them."""

    def __init__(self, source):
        self.source = source
        self.tree = ast.parse(source)
        self.nodes = list(ast.walk(self.tree))


def functions(program):
    return [node for node in program.nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def bound(program):
    """Names that the program gives a meaning of its own."""
    names = {node.name for node in program.nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    names |= {node.id for node in program.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return names | {node.arg for node in program.nodes if isinstance(node, ast.arg)}


def imported(program):
    """What an imported name stands for."""
    names = {}
    for node in program.nodes:
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
    return names


def used(program):
    """Builtins, imported functions and methods that the program uses, each with its line."""
    own, modules, methods = bound(program), imported(program), {node.name for node in functions(program)}
    for node in program.nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in own:
            yield modules.get(node.id, node.id), node.lineno
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and node.attr not in methods:
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            known = modules.get(owner, owner)
            yield (f"{known}.{node.attr}" if owner in modules or owner in TYPES else f".{node.attr}"), node.lineno


def defined(tree):
    names = []
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.append(node.name)
        if isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
    return names


def returns(body):
    """Whether a block always ends in a return, and the first return of it."""
    for node in body:
        if isinstance(node, ast.Return):
            return node
        if isinstance(node, ast.If) and node.orelse:
            first, second = returns(node.body), returns(node.orelse)
            if first and second:
                return second
        if any(isinstance(inner, (ast.Continue, ast.Break, ast.Raise)) for inner in ast.walk(node)):
            return None
    return None


def early(program):
    for node in program.nodes:
        if isinstance(node, (ast.For, ast.While)):
            found = returns(node.body)
            if found:
                yield found.lineno


def code_lines(program):
    notes = set()
    for node in program.nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            notes |= set(range(node.lineno, node.end_lineno + 1))
    lines = enumerate(program.source.split("\n"), 1)
    return sum(1 for number, line in lines if number not in notes and line.strip() and not line.strip().startswith("#"))


def method(node):
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""


def changes(program):
    for function in functions(program):
        arguments = function.args
        names = {one.arg for one in [*arguments.posonlyargs, *arguments.args]} - {"self", "cls"}
        inside = list(ast.walk(function)) if names else []
        names -= {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        for node in inside:
            owner = None
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING:
                owner = node.func.value
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, (ast.Store, ast.Del)):
                owner = node.value
            while isinstance(owner, (ast.Subscript, ast.Attribute)):
                owner = owner.value
            if isinstance(owner, ast.Name) and owner.id in names:
                yield function.name, owner.id, node.lineno


def arguments(call):
    try:
        node = ast.parse(call.strip(), mode="eval").body
    except SyntaxError:
        return None
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.keywords or not node.args:
        return None
    if any(isinstance(one, ast.Starred) for one in node.args):
        return None
    return f"({', '.join(ast.unparse(one) for one in node.args)},)", node.func.id


def prompts(program):
    for node in program.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "input" and node.args:
            yield ast.unparse(node.args[0])


def facts(source):
    try:
        program = Program(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return {
        "calls": sorted(set(used(program)), key=lambda one: one[1]),
        "defined": defined(program.tree),
        "functions": [node.name for node in functions(program)] + [
            target.id
            for node in program.tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda)
            for target in node.targets if isinstance(target, ast.Name)
        ],
        "imports": [node.lineno for node in program.nodes if isinstance(node, (ast.Import, ast.ImportFrom))],
        "code_lines": code_lines(program),
        "early": sorted(set(early(program))),
        "prompts": list(prompts(program)),
        "changes": list(changes(program)),
        "smells": sorted(set(smells(program)), key=lambda one: one[1]),
    }


def run(text):
    asked = json.loads(text)
    return [facts(source) for source in asked["sources"]], [arguments(call) for call in asked["calls"]]
