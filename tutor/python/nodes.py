"""Small questions about the syntax of a test: trusted code, for `unittests.py`."""

import ast
import copy
import re

TESTING = {"unittest", "pytest", "pytest_asyncio", "mock", "parameterized", "hypothesis"}
RAISES = ("pytest.raises", "raises")
ASSERTING = re.compile(r"^(assert|fail$|skipTest$)")


def located(node, like):
    return ast.fix_missing_locations(ast.copy_location(node, like))


def asserts(node):
    """Whether anything in a node is an assertion."""
    for one in ast.walk(node):
        if isinstance(one, ast.Assert):
            return True
        if isinstance(one, ast.Call):
            owner, _, method = name_of(one.func).rpartition(".")
            if (owner in ("self", "cls") and ASSERTING.match(method)) or name_of(one.func) in RAISES:
                return True
            if owner and method.startswith("assert_"):
                return True
    return False


def stored_in(node):
    """The names that anything in a node assigns."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}


class Put(ast.NodeTransformer):
    """Puts expressions for names."""

    def __init__(self, given):
        self.given = given

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load) and node.id in self.given:
            return ast.copy_location(copy.deepcopy(self.given[node.id]), node)
        return node


class Message(ast.NodeTransformer):
    """Puts `message` for the text of a caught exception."""

    def __init__(self, name):
        exception = rf"{re.escape(name)}\.(?:exception|value)"
        self.spelling = re.compile(rf"(?:str\({exception}\)|{exception}\.args\[0\]|{exception}\.message)")

    def visit(self, node):
        if isinstance(node, (ast.Call, ast.Subscript, ast.Attribute)) and self.spelling.fullmatch(ast.unparse(node)):
            return ast.copy_location(ast.Name("message", ast.Load()), node)
        return self.generic_visit(node)


def class_said(node, name):
    """The class that an assertion says a caught exception is of; None when it says something else."""
    said = ast.unparse(node)
    raised = rf"{name}\.(?:exception|value)"
    exception = rf"(?:type\({raised}\)|{name}\.type|{raised}(?:\.__class__)?)"
    found = re.search(rf"{exception}(?:, | == | is |\) == |\) is )(?:\w+\.)*(\w+)\)?$", said)
    return found and found[1]


def bindings(target, item):
    if isinstance(target, ast.Name):
        return {target.id: item}
    several = (ast.Tuple, ast.List)
    if isinstance(target, several) and isinstance(item, several) and len(target.elts) == len(item.elts):
        parts = [bindings(*pair) for pair in zip(target.elts, item.elts)]
        return None if None in parts else {name: node for part in parts for name, node in part.items()}
    return None


def replacement_of(call, index):
    """What `patch(...)` puts in a place, as an expression; None for a mock."""
    given = argument(call, index, "new")
    if given is not None:
        return text(given)
    returned, effect = argument(call, 99, "return_value"), argument(call, 99, "side_effect")
    if returned is not None:
        return f"lambda *_, **__: {text(returned)}"
    if isinstance(effect, (ast.List, ast.Tuple)):
        return f"(lambda given: lambda *_, **__: next(given))(iter({text(effect)}))"
    return text(effect) if isinstance(effect, ast.Lambda) else None


def pruned(steps):
    """Without variables that nothing uses, which might tell an expected value."""
    while True:
        used = " ".join(value for step in steps for key, value in step.items() if isinstance(value, str))
        kept = []
        for step in steps:
            lines = ast.parse(step["do"]).body if "do" in step and len(step) == 1 else None
            if lines is None:
                kept.append(step)
                continue
            needed = [line for line in lines if not is_unused(line, used)]
            if needed:
                kept.append({"do": "\n".join(text(line) for line in needed) + "\n"})
        if kept == steps:
            return kept
        steps = kept


def is_unused(line, used):
    if not isinstance(line, ast.Assign) or len(line.targets) != 1 or not isinstance(line.targets[0], ast.Name):
        return False
    does = (ast.Call, ast.Await, ast.NamedExpr)
    if line.targets[0].id != "self" and any(isinstance(node, does) for node in ast.walk(line.value)):
        return False
    return len(re.findall(rf"\b{line.targets[0].id}\b", used)) == 1
