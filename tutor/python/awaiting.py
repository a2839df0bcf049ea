"""Coroutines of a test as statements that wait for them: trusted code, for `unittests.py`."""

import ast
import copy

PART = "part"
STARTING = ("create_task", "ensure_future", "gather", "get_running_loop", "get_event_loop", "current_task")


def sequential(function):
    """A test function whose awaits are calls of `awaited`."""
    if not isinstance(function, ast.AsyncFunctionDef):
        return function
    body = [located(one, function) for part in function.body for one in listed(Awaited().visit(copy.deepcopy(part)))]
    fields = {**dict(ast.iter_fields(function)), "body": body}
    return ast.copy_location(ast.FunctionDef(**fields), function)


def listed(visited):
    return visited if isinstance(visited, list) else [visited]


def later(value, defaults):
    """A function without arguments for what is worked out inside the loop."""
    names = [ast.arg(name) for name in defaults]
    return ast.Lambda(ast.arguments([], names, None, [], [], None, list(defaults.values())), value)


def waiting(name, value, defaults=None):
    return ast.Call(ast.Name(name, ast.Load()), [later(value, defaults or {})], [])


class Before(ast.NodeTransformer):
    """Takes out what is awaited within an awaited expression, so that it is awaited before."""

    def __init__(self):
        self.taken = {}

    def visit_Call(self, node):
        if name_of(node.func) not in ("awaited", "collected"):
            return self.generic_visit(node)
        name = f"before{len(self.taken)}"
        self.taken[name] = node
        return ast.Name(name, ast.Load())


class Awaited(ast.NodeTransformer):
    """Functions within a test stay as they are, and so do blocks without assertions, as a coroutine of their own."""

    inside = False

    def visit_AsyncFunctionDef(self, node):
        return node

    visit_FunctionDef = visit_Lambda = visit_AsyncFunctionDef

    def within(self, node):
        before, self.inside = self.inside, True
        value = self.visit(node)
        self.inside = before
        return value

    def visit_Await(self, node):
        before = Before()
        value = before.visit(self.within(node.value))
        return ast.copy_location(waiting("awaited", value, before.taken), node)

    def visit_Call(self, node):
        starts = not self.inside and name_of(node.func).rpartition(".")[2] in STARTING
        if starts:
            return ast.copy_location(waiting("begun", self.within(node)), node)
        return self.generic_visit(node)

    def visit_ListComp(self, node):
        if not any(one.is_async for one in node.generators):
            return self.generic_visit(node)
        [first, *others] = node.generators
        if others or first.ifs or text(first.target) != text(node.elt):
            raise Unsupported(node, "`async for` inside an expression")
        return ast.copy_location(waiting("collected", self.within(first.iter)), node)

    def visit_AsyncWith(self, node):
        if not asserts(node):
            return self.whole(node)
        for item in node.items:
            if name_of(getattr(item.context_expr, "func", item.context_expr)).startswith("asyncio."):
                raise Unsupported(node, f"assertions inside `async with {text(item.context_expr)}`")
        block = self.generic_visit(ast.copy_location(ast.With(node.items, node.body), node))
        block.is_async = True
        return block

    def visit_AsyncFor(self, node):
        if asserts(node):
            raise Unsupported(node, "assertions inside `async for`")
        return self.whole(node)

    def whole(self, node):
        names = sorted(stored_in(node))
        body = [*([ast.Global(names)] if names else []), node]
        nothing = ast.arguments([], [], None, [], [], None, [])
        part = ast.AsyncFunctionDef(PART, nothing, body, [], None, None, type_params=[])
        wait = ast.Expr(ast.Call(ast.Name("awaited", ast.Load()), [ast.Name(PART, ast.Load())], []))
        return [located(part, node), located(wait, node)]
