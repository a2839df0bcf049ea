"""Blocks of a test that hold assertions, as steps: trusted code, for `reader.py`."""

import ast
import copy

MOST_TURNS = 100


def leaves(statements):
    """Whether a body of a loop goes on or ends in the middle."""
    for one in statements:
        if isinstance(one, (ast.Break, ast.Continue)):
            return True
        if not isinstance(one, (ast.For, ast.While, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if leaves(ast.iter_child_nodes(one)):
                return True
    return False


def fails(statements):
    """Whether a body only says that the test has failed."""
    match statements:
        case [ast.Expr(value=ast.Call() as call)]:
            return name_of(call.func) in ("self.fail", "pytest.fail", "fail")
        case [ast.Assert(test=ast.Constant(value=False))]:
            return True
        case [ast.Raise(exc=exception)] if exception is not None:
            return name_of(getattr(exception, "func", exception)) == "AssertionError"
    return False


class Blocks:
    """What a reader of statements does with `with`, `try`, `if` and `while`."""

    def entering(self, node, item):
        """A block as what its manager does before it and after it."""
        name = name_of(getattr(item.context_expr, "func", item.context_expr))
        root = name.split(".")[0]
        if root in TESTING or root in ("patch", "self") or name.endswith("suppress"):
            raise Unsupported(node, f"assertions inside `with {name}`")
        self.managers += 1
        manager = f"manager{self.managers}"
        is_async = getattr(node, "is_async", False)

        def does(method):
            return f"awaited(lambda: {manager}.__a{method})" if is_async else f"{manager}.__{method}"

        made = located(ast.Assign([ast.Name(manager, ast.Store())], item.context_expr), node)
        self.do(made)
        if self.world.is_dynamic(item.context_expr):
            self.world.dynamic.add(manager)
        entered = ast.parse(does("enter__()")).body[0]
        variable = item.optional_vars
        if variable is not None:
            entered = ast.Assign([variable], entered.value)
        self.do(located(entered, node))
        self.body(node.body)
        self.do(located(ast.parse(does("exit__(None, None, None)")).body[0], node))

    def logging(self, node, call, variable):
        """What is logged meanwhile, and that something is, or that nothing is."""
        self.managers += 1
        name = f"logs{self.managers}" if variable is None else variable.id
        made = ast.Call(ast.Name("Logs", ast.Load()), call.args, call.keywords)
        self.do(located(ast.Assign([ast.Name(name, ast.Store())], made), node))
        self.body(node.body)
        self.do(located(ast.parse(f"{name}.end()").body[0], node))
        self.world.dynamic.add(name)
        self.say([{"call": f"len({name}.records) > 0", "expect": repr(not name_of(call.func).endswith("NoLogs"))}])

    def trying(self, node):
        """A `try` that says what is raised, that nothing is, or what follows in any case."""
        kinds = [name_of(one.type) if one.type is not None else "" for one in node.handlers]
        if all(fails(one.body) for one in node.handlers):
            self.body(node.body)
            self.body(node.orelse)
        elif len(node.handlers) == 1 and (fails(node.orelse) or fails(node.body[-1:])):
            body = node.body if fails(node.orelse) else node.body[:-1]
            if not body or (body is not node.body and kinds[0] in ("", "Exception", "BaseException", "AssertionError")):
                raise Unsupported(node, "a `try` that also catches that the test has failed")
            self.caught_by(node.handlers[0], body)
        else:
            raise Unsupported(node, "a `try` whose test passes whether it raises or not")
        self.body(node.finalbody)

    def caught_by(self, handler, body):
        if handler.type is None:
            raise Unsupported(handler, "an exception of any kind")
        name = None if handler.name is None else ast.Name(handler.name, ast.Store())
        self.raised(located(ast.With([], body), handler), handler.type, None, name)
        exception = {} if name is None else {name.id: ast.parse(f"{name.id}.exception", mode="eval").body}
        self.body([Put(exception).visit(copy.deepcopy(one)) for one in handler.body])

    def branch(self, node):
        known, value = self.world.value(node.test)
        if not known or self.world.is_dynamic(node.test):
            raise Unsupported(node, "assertions inside an `if` that depends on the program")
        self.body(node.body if value else node.orelse)

    def rounds(self, node):
        """A loop with assertions whose end the test itself decides, unrolled."""
        if leaves(node.body) or node.orelse or is_constant(node.test, True, 1):
            raise Unsupported(node, "assertions inside a `while` that ends in the middle or never")
        for _ in range(MOST_TURNS + 1):
            test = copy.deepcopy(node.test)
            known, goes_on = self.world.value(test)
            if not known or self.world.is_dynamic(test):
                raise Unsupported(node, "assertions inside a `while` whose end depends on the program")
            if not goes_on:
                return
            self.body(copy.deepcopy(node.body))
        raise Unsupported(node, f"a loop of more than {MOST_TURNS} turns")
