"""The statements of a test as steps of an exercise: trusted code, for `unittests.py`."""

import ast
import copy
import itertools


class Reader(Blocks):
    """One test function: its statements as steps."""

    def __init__(self, file, world, owner=None):
        self.file, self.world, self.owner = file, world, owner
        self.conditions = Conditions(world)
        self.steps, self.pending, self.patches, self.closing = [], [], {}, []
        self.caught, self.managers, self.part = {}, 0, None

    def flush(self):
        if self.pending:
            self.steps.append({"do": "\n".join(self.pending) + "\n"})
            self.pending = []

    def say(self, steps):
        self.flush()
        self.steps.extend(steps)

    def do(self, node):
        """Statements that are performed as they are."""
        self.world.perform(node)
        self.pending.append(text(node))

    def body(self, statements):
        for statement in statements:
            self.statement(statement)

    def statement(self, node):
        match node:
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                return None
            case ast.Expr(value=ast.Call() as call):
                return self.call(node, call)
            case ast.Assert():
                said = self.about_caught(node.test)
                return self.say(self.conditions.truth(node.test) if said is None else said)
            case ast.With():
                return self.using(node)
            case ast.For() if asserts(node):
                return self.turns(node)
            case ast.While() if asserts(node):
                return self.rounds(node)
            case ast.Try() if asserts(node):
                return self.trying(node)
            case ast.If() if asserts(node):
                return self.branch(node)
            case ast.AsyncFunctionDef(name=name) if name == PART:
                self.part = node
            case ast.Import() | ast.ImportFrom() if self.file.is_testing(node):
                return None
        if asserts(node):
            raise Unsupported(node, f"assertions inside `{type(node).__name__.lower()}`")
        return self.do(node)

    def call(self, node, call):
        name = name_of(call.func)
        owner, _, method = name.rpartition(".")
        if name == "awaited":
            return self.waiting(node, call)
        if name in ("pytest.raises", "raises"):
            return self.raising(call, call.args[0], ast.Call(call.args[1], call.args[2:], call.keywords), None)
        if owner == "self" and self.owner is not None:
            if method in ("assertRaises", "assertRaisesRegex", "assertRaisesRegexp") and len(call.args) > 1:
                pattern = call.args[1] if method != "assertRaises" else None
                rest = call.args[2 if pattern is not None else 1 :]
                return self.raising(call, call.args[0], ast.Call(rest[0], rest[1:], call.keywords), pattern)
            if method in ("addCleanup", "id") or name == "super.setUp":
                return None
            if method.startswith("assert"):
                said = self.about_caught(call)
                said = self.conditions.method(method, call) if said is None else said
                if said is not None:
                    return self.say(said)
            helper = self.owner.methods.get(method)
            if helper is not None and asserts(helper):
                return self.inline(call, helper)
            if method.startswith("assert") or method in ("fail", "skipTest"):
                raise Unsupported(call, f"{name} cannot be said")
        helper = self.file.functions.get(name)
        if helper is not None and asserts(helper):
            return self.inline(call, helper)
        if ".assert_" in f".{method}" and method.startswith("assert_") and owner:
            return self.mocked(call, call.func.value, method)
        if text(call.func) in ("super().setUp", "super().setUpClass"):
            return None
        return self.do(node)

    def waiting(self, node, call):
        """A coroutine that is waited for: of a helper that asserts, or another."""
        made = getattr(call.args[0], "body", None)
        if isinstance(made, ast.Call):
            owner, _, method = name_of(made.func).rpartition(".")
            methods = self.owner.methods if owner == "self" and self.owner is not None else self.file.functions
            helper = methods.get(method)
            if helper is not None and asserts(helper):
                return self.inline(made, helper)
        self.do(node)
        if name_of(call.args[0]) == PART and self.world.is_dynamic(self.part):
            self.world.dynamic |= stored_in(self.part)
            self.world.touch(self.part)

    def mocked(self, call, mock, method):
        """What is asserted of a mock, as data."""
        arguments = ast.Tuple(call.args, ast.Load())
        keywords = ", ".join(f"{keyword.arg!r}: {text(keyword.value)}" for keyword in call.keywords)
        wanted = f"({text(arguments)}, {{{keywords}}})"
        calls = f"[(one.args, one.kwargs) for one in {text(mock)}.call_args_list]"
        said = {
            "assert_called_once_with": {"call": calls, "expect": f"[{wanted}]"},
            "assert_called_with": {"call": f"{calls}[-1]", "expect": wanted},
            "assert_any_call": {"call": f"{wanted} in {calls}", "expect": "True"},
            "assert_called_once": {"call": f"{text(mock)}.call_count", "expect": "1"},
            "assert_called": {"call": f"{text(mock)}.called", "expect": "True"},
            "assert_not_called": {"call": f"{text(mock)}.call_count", "expect": "0"},
        }.get(method)
        if said is None:
            raise Unsupported(call, f"{method} of a mock cannot be said")
        self.say([said])

    def inline(self, call, helper):
        """A helper that asserts, with its arguments for its parameters."""
        parameters = [one.arg for one in helper.args.args if one.arg not in ("self", "cls")]
        defaults = helper.args.defaults
        given = dict(zip(parameters[len(parameters) - len(defaults) :], defaults)) if defaults else {}
        given |= dict(zip(parameters, call.args)) | {one.arg: one.value for one in call.keywords if one.arg}
        if self.file.depth > 5 or helper.args.vararg or any(isinstance(one, ast.Starred) for one in call.args):
            raise Unsupported(call, f"the helper {helper.name} asserts in a way that cannot be unfolded")
        self.file.depth += 1
        assigned = stored_in(helper)
        simple = (ast.Constant, ast.Name, ast.List, ast.Tuple, ast.Dict)
        direct = {name: node for name, node in given.items() if name not in assigned and isinstance(node, simple)}
        for name, node in given.items():
            if name not in direct:
                self.do(located(ast.Assign([ast.Name(name, ast.Store())], node), call))
        self.body([Put(direct).visit(copy.deepcopy(one)) for one in sequential(helper).body])
        self.file.depth -= 1

    def using(self, node):
        first = node.items[0]
        if len(node.items) > 1:
            inner, outer = located(ast.With(node.items[1:], node.body), node), ast.With([first], [])
            outer.body = [inner]
            inner.is_async = outer.is_async = getattr(node, "is_async", False)
            return self.using(located(outer, node))
        name = name_of(getattr(first.context_expr, "func", first.context_expr))
        method = name.rpartition(".")[2]
        call = first.context_expr
        if self.owner is not None and name.startswith("self.") and method in self.owner.methods:
            call = self.unfolded(call, self.owner.methods[method])
            method = name_of(call.func).rpartition(".")[2]
        if method == "subTest":
            return self.body(node.body)
        if method.startswith("assertRaises") or name in ("pytest.raises", "raises"):
            pattern = argument(call, 1, "match" if "assert" not in method else "expected_regex")
            return self.raised(node, call.args[0], pattern, first.optional_vars)
        if name in ("self.assertLogs", "self.assertNoLogs"):
            return self.logging(node, call, first.optional_vars)
        if name.startswith("self.assert") or name in ("pytest.warns", "pytest.deprecated_call"):
            raise Unsupported(node, f"{name} cannot be said")
        if method in ("patch", "object") and "patch" in name:
            return self.patched(node, call, name, first.optional_vars)
        if asserts(node):
            return self.entering(node, first)
        return self.do(node)

    def unfolded(self, call, helper):
        """`self.helper(...)` that only returns another call, as that call."""
        body = [one for one in helper.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
        if len(body) != 1 or not isinstance(body[0], ast.Return) or not isinstance(body[0].value, ast.Call):
            raise Unsupported(call, f"with {text(call)} cannot be said")
        parameters = [one.arg for one in helper.args.args if one.arg != "self"]
        return Put(dict(zip(parameters, call.args))).visit(copy.deepcopy(body[0].value))

    def patched(self, node, call, name, variable):
        target = self.file.target_of(call, name)
        value = replacement_of(call, 2 if name.endswith("object") else 1)
        if target == "sys.stdout" and variable is not None:
            self.do(ast.parse("import contextlib, io").body[0])
            redirect = ast.parse("contextlib.redirect_stdout(io.StringIO())", mode="eval").body
            inside = [one for one in node.body if not asserts(one)]
            if inside != node.body[: len(inside)]:
                raise Unsupported(node, "assertions between what is printed")
            self.do(located(ast.With([ast.withitem(redirect, variable)], inside), node))
            return self.body(node.body[len(inside) :])
        if value is None or variable is not None or target is None:
            raise Unsupported(node, f"{text(call)} cannot be said")
        self.patch(node, target, value)
        return self.body(node.body)

    def patch(self, node, target, value):
        if self.patches.get(target, value) != value:
            raise Unsupported(node, f"{target} is patched twice in one test")
        self.patches[target] = value
        self.world.known = False

    def raising(self, node, kind, call, pattern):
        self.say_raised(node, {"call": text(call)}, kind, pattern, located(ast.Expr(call), node))

    def raised(self, node, kind, pattern, variable):
        body = node.body
        for one in body[:-1]:
            self.statement(one)
        last = body[-1]
        step = {"call": text(last.value)} if isinstance(last, ast.Expr) else {"do": text(last)}
        if asserts(last) and isinstance(last, (ast.With, ast.For)):
            raise Unsupported(last, "assertions where an exception is expected")
        self.say_raised(node, step, kind, pattern, last)
        if variable is not None:
            self.caught[variable.id] = self.steps[-1]

    def say_raised(self, node, step, kind, pattern, performed):
        name = name_of(kind).rpartition(".")[2]
        if not name:
            raise Unsupported(node, f"one of several exceptions, {text(kind)}")
        step["raises"] = name
        if pattern is not None:
            literal = self.world.literal(pattern)
            if literal is None:
                raise Unsupported(node, "the pattern is not known beforehand")
            if literal not in ("'.+'", "'.*'"):
                step["holds"] = f"re.search({literal}, message)"
        self.world.perform(performed)
        self.say([step])

    def about_caught(self, node):
        """Whether an assertion is about a caught exception; it then says more of the step that raised it."""
        names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} & self.caught.keys()
        if not names:
            return None
        name = names.pop()
        step = self.caught[name]
        seen = Message(name).visit(copy.deepcopy(node))
        if any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(seen)):
            kind = class_said(node, name)
            if kind is not None:
                step["raises"] = kind
                return []
            raise Unsupported(node, f"what {text(node)} looks at in an exception")
        probe = Conditions(MessageWorld(self.world))
        if isinstance(seen, ast.Call):
            made = probe.method(name_of(seen.func).rpartition(".")[2], seen)
        else:
            made = probe.truth(seen)
        for one in made or []:
            self.narrow(node, step, one)
        return []

    def narrow(self, node, step, said):
        if said.get("call") == "message" and "expect" in said:
            literal = self.world.literal(ast.parse(said["expect"], mode="eval").body)
            if literal is not None and isinstance(value := ast.literal_eval(literal), str):
                step["message"] = value
                return
            raise Unsupported(node, "the message is not known beforehand")
        condition = said.get("holds", said["call"]).replace("result", "message")
        if said.get("expect") == "False":
            condition = f"not {condition}"
        if not said["call"].startswith("message") and "holds" in said:
            raise Unsupported(node, "what is compared with a message")
        step["holds"] = f"{step['holds']} and {condition}" if "holds" in step else condition

    def turns(self, node):
        """A loop with assertions, unrolled."""
        known, items = self.world.value(node.iter)
        if isinstance(node.iter, (ast.List, ast.Tuple)):
            nodes = node.iter.elts
        elif known and hasattr(items, "__iter__"):
            listed = list(itertools.islice(iter(items), MOST_TURNS + 1))
            if not is_plain(listed):
                raise Unsupported(node, "a loop over what is not known beforehand")
            nodes = [ast.parse(repr(item), mode="eval").body for item in listed]
        else:
            raise Unsupported(node, "a loop over what is not known beforehand")
        if leaves(node.body):
            raise Unsupported(node, "assertions inside a loop that goes on or ends in the middle")
        if len(nodes) > MOST_TURNS or node.orelse:
            raise Unsupported(node, f"a loop of more than {MOST_TURNS} turns")
        for item in nodes:
            bound = bindings(node.target, item)
            if bound is None:
                raise Unsupported(node, f"a loop whose {text(node.target)} does not fit {text(item)}")
            self.body([Put(bound).visit(copy.deepcopy(one)) for one in node.body])
