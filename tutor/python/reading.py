"""What a unittest or pytest file consists of: trusted code, for `unittests.py`."""

import ast
import copy
import re
import sys


class Case:
    """One test: its name, what is done before, and its statements."""

    def __init__(self, name, node, body, before=(), owner=None, patches=()):
        self.name, self.node, self.owner = name, node, owner
        self.body, self.before, self.patches = list(body), list(before), list(patches)


class Owner:
    """A class of tests with its helpers."""

    def __init__(self, node, file):
        self.node, self.name = node, node.name
        self.functions = [one for one in node.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]
        for base in node.bases:
            classes = [one for one in file.tree.body if isinstance(one, ast.ClassDef)]
            known = next((one for one in classes if one.name == name_of(base)), None)
            if known is not None:
                mine = {one.name for one in self.functions}
                inherited = [one for one in known.body if isinstance(one, ast.FunctionDef)]
                self.functions += [one for one in inherited if one.name not in mine]
        self.methods = {one.name: one for one in self.functions}

    def helper(self):
        """The class without its tests, for what they need of `self`."""
        around = ("setUp", "tearDown", "asyncSetUp", "asyncTearDown", "setup_method", "teardown_method")

        def is_test(one):
            if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return one.name.startswith("test") or asserts(one) or one.name in around
            return isinstance(one, ast.If) and "unittest" in text(one)

        kept = [one for one in self.node.body if not is_test(one)]
        cases = ("TestCase", "IsolatedAsyncioTestCase", "object")
        bases = [base for base in self.node.bases if name_of(base).rpartition(".")[2] not in cases]
        return ast.ClassDef(self.name, bases, [], kept or [ast.Pass()], [], type_params=[])


class File:
    def __init__(self, source, module):
        self.tree = ast.parse(source)
        self.skipped, self.depth = [], 0
        self.module, self.imported, self.alias = module, {}, None
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        self.functions = {one.name: one for one in self.tree.body if isinstance(one, functions)}
        self.fixtures = {
            name: one
            for name, one in self.functions.items()
            if any("fixture" in text(decorator) for decorator in one.decorator_list)
        }
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.importing(node)

    def skip(self, node, message):
        self.skipped.append([getattr(node, "lineno", None) or getattr(node, "line", 0), message])

    def is_testing(self, node):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
        return all(name.split(".")[0] in TESTING for name in names)

    def importing(self, node):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
        for name in names:
            top = name.split(".")[0]
            if top in TESTING or top in sys.stdlib_module_names or top == "__future__" or not top:
                continue
            if self.module is None:
                self.module = name.rpartition(".")[2]
            if name.rpartition(".")[2] != self.module:
                self.skip(node, f"{name} is imported as well, but an exercise has one program")
            elif isinstance(node, ast.ImportFrom):
                for one in node.names:
                    if one.name != "*":
                        self.imported[one.asname or one.name] = one.name
            else:
                self.alias = next(one.asname or one.name for one in node.names if one.name == name)

    def cases(self):
        for node in self.tree.body:
            if node in self.functions.values() and node.name.startswith("test") and node.name not in self.fixtures:
                yield from self.cases_of(node, None)
            if isinstance(node, ast.ClassDef):
                owner = Owner(node, self)
                for function in owner.functions:
                    if function.name.startswith("test"):
                        yield from self.cases_of(function, owner)

    def cases_of(self, node, owner):
        try:
            node = sequential(node)
        except Unsupported as found:
            return self.skip(found, f"{node.name}: {found}")
        parameters = [one.arg for one in node.args.args if one.arg not in ("self", "cls")]
        rows, patches = [{}], []
        for decorator in reversed([*(owner.node.decorator_list if owner else []), *node.decorator_list]):
            name = name_of(getattr(decorator, "func", decorator))
            if name.endswith("parametrize") or name.endswith("parameterized.expand"):
                try:
                    rows = [{**row, **more} for more in self.rows_of(decorator, name, parameters) for row in rows]
                except Unsupported as found:
                    return self.skip(decorator, f"{node.name}: {found}")
            elif "patch" in name and isinstance(decorator, ast.Call):
                index = 2 if name.endswith("object") else 1
                value, target = replacement_of(decorator, index), self.target_of(decorator, name)
                if value is None or target is None:
                    return self.skip(decorator, f"{node.name}: {text(decorator)} cannot be said")
                patches.append((target, value))
                if argument(decorator, index, "new") is None and parameters:
                    unused = parameters.pop(0)
                    if any(isinstance(one, ast.Name) and one.id == unused for one in ast.walk(node)):
                        return self.skip(node, f"{node.name}: it looks at the mock {unused}")
            elif name.rpartition(".")[2].lower() in ("skip", "skipif", "skipunless", "expectedfailure", "xfail"):
                return self.skip(decorator, f"{node.name}: {name}")
        for number, row in enumerate(rows, 1):
            try:
                before = [*self.setup(owner, node), *self.given(parameters, row)]
            except Unsupported as found:
                return self.skip(node, f"{node.name}: {found}")
            stored = stored_in(node)
            direct = {name: value for name, value in row.items() if name not in stored}
            for name in row.keys() & stored:
                before.append(located(ast.Assign([ast.Name(name, ast.Store())], row[name]), node))
            body = [Put(direct).visit(copy.deepcopy(one)) for one in node.body]
            title = node.name.removeprefix("test").strip("_").replace("_", " ") or node.name
            yield Case(title if len(rows) == 1 else f"{title} ({number})", node, body, before, owner, patches)

    def rows_of(self, decorator, name, parameters):
        expanded = name.endswith("expand")
        listed = decorator.args[0 if expanded else 1]
        if isinstance(listed, ast.Name):
            lines = [one for one in self.tree.body if isinstance(one, ast.Assign)]
            assigned = [one.value for one in lines if name_of(one.targets[0]) == listed.id]
            listed = assigned[-1] if assigned else listed
        if not isinstance(listed, (ast.List, ast.Tuple)):
            try:
                listed = ast.parse(repr(list(eval(text(listed), dict(World.plain(self))))), mode="eval").body
            except Exception:
                raise Unsupported(decorator, "parameters that are not known beforehand") from None
        names = parameters
        if not expanded:
            first = decorator.args[0]
            words = first.value.split(",") if isinstance(first, ast.Constant) else [one.value for one in first.elts]
            names = [word.strip() for word in words]
        rows = []
        for item in listed.elts:
            if isinstance(item, ast.Call) and name_of(item.func).endswith("param"):
                item = item.args[0] if len(item.args) == 1 else ast.Tuple(item.args, ast.Load())
            alone = len(names) == 1 and not (expanded and isinstance(item, ast.Tuple))
            values = [item] if alone else getattr(item, "elts", None)
            if values is None or len(values) != len(names):
                raise Unsupported(decorator, f"{text(item)} does not fit {', '.join(names)}")
            rows.append(dict(zip(names, values)))
        return rows

    def setup(self, owner, node):
        done = []
        for name, fixture in self.fixtures.items():
            if any("autouse=True" in text(one) for one in fixture.decorator_list):
                done += self.given([name], {})
        if owner is None:
            return done
        done += ast.parse(f"self = {owner.name}()").body
        for name in ("setUpClass", "setup_class"):
            if name in owner.methods:
                done += ast.parse(f"{owner.name}.{name}()").body
        for name in ("setUp", "asyncSetUp", "setup_method"):
            if name in owner.methods:
                done += copy.deepcopy(sequential(owner.methods[name]).body)
        return done

    def given(self, parameters, row, seen=()):
        """What makes the fixtures that a test names."""
        done = []
        for name in parameters:
            if name in row or name in seen:
                continue
            if name in SHIMS:
                done += ast.parse(f"{name} = {name.capitalize()}()").body
            elif name == "tmp_path":
                done += ast.parse("import pathlib, tempfile\ntmp_path = pathlib.Path(tempfile.mkdtemp())").body
            elif name in self.fixtures:
                fixture = self.fixtures[name]
                if any("params=" in text(one) for one in fixture.decorator_list):
                    raise Unsupported(fixture, f"the fixture {name} has params")
                needs = [one.arg for one in fixture.args.args]
                done += self.given(needs, row, (*seen, name))
                yields = any(isinstance(one, ast.Yield) for one in ast.walk(fixture))
                is_async = isinstance(fixture, ast.AsyncFunctionDef)
                made = f"{name}({', '.join(needs)})"
                made = f"{'anext' if is_async else 'next'}({made})" if yields else made
                done += ast.parse(f"{name} = awaited(lambda: {made})" if is_async else f"{name} = {made}").body
            else:
                raise Unsupported(None, f"there is no fixture {name}")
        return done

    def target_of(self, call, name):
        """The dotted name that a patch is for."""
        first = call.args[0] if call.args else None
        if not name.endswith("object"):
            known = first.value if isinstance(first, ast.Constant) else None
        else:
            part = argument(call, 1, "attribute")
            known = f"{name_of(first)}.{part.value}" if isinstance(part, ast.Constant) and name_of(first) else None
        if known is not None and self.alias is not None and known.startswith(f"{self.alias}."):
            known = f"{self.module}{known[len(self.alias):]}"
        return known.removeprefix("builtins.") if known is not None else None

    def entries(self, tests):
        found = list(dict.fromkeys(self.imported.values()))
        if self.alias is not None:
            said = str(tests)
            named = dict.fromkeys(re.findall(rf"\b{self.alias}\.([A-Za-z]\w*)", said))
            found += [one for one in named if one not in found and one not in sys.stdlib_module_names]
        called = [one for one in found if not one.isupper()]
        return called or found

    def kind(self, tests):
        entries = self.entries(tests)
        return "class" if entries and all(one[:1].isupper() for one in entries) else "function"

    def title(self):
        return (self.module or "Imported").replace("_", " ").capitalize()

    def top(self):
        """The statements at the top that are not tests."""
        for node in self.tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
                if self.is_testing(node) or names[0] == "__future__":
                    continue
                mine = any(name.rpartition(".")[2] == self.module for name in names)
                if mine and isinstance(node, ast.ImportFrom) and all(one.asname is None for one in node.names):
                    continue
                if mine and isinstance(node, ast.Import):
                    node = ast.Import([ast.alias(self.module, None if self.alias == self.module else self.alias)])
                yield node
            elif isinstance(node, ast.ClassDef):
                owner = Owner(node, self)
                tests = any(one.name.startswith("test") for one in owner.functions)
                if tests or "TestCase" in text(node).split(":")[0]:
                    yield owner.helper()
                else:
                    yield node
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if not node.name.startswith("test") and not asserts(node):
                    bare = copy.copy(node)
                    bare.decorator_list = [one for one in node.decorator_list if "fixture" not in text(one)]
                    yield bare
            elif isinstance(node, (ast.Assign, ast.AnnAssign)) and not re.search("pytest|unittest", text(node)):
                yield node

    def helpers(self, tests):
        """What the tests need of it, as a program."""
        parts = [(text(located(node, self.tree)), node) for node in self.top()]
        shims = [shim for name, shim in SHIMS.items() if f"{name.capitalize()}()" in str(tests)]
        shims += [shim for names, shim in STAND_INS.items() if re.search(rf"\b(?:{names})\(", str(tests))]
        used, kept = str(tests), []
        while True:
            more = [part for part in parts if part not in kept and self.is_needed(part, used)]
            if not more:
                break
            kept += more
            used += " ".join(code for code, _ in more)
        return "\n".join([*[code for code, _ in sorted(kept, key=lambda part: parts.index(part))], *shims])

    @staticmethod
    def is_needed(part, used):
        _, node = part
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [(one.asname or one.name).split(".")[0] for one in node.names]
        elif isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            names = [node.name]
        else:
            names = stored_in(node)
        return any(name == "*" or re.search(rf"(?<![\w.]){re.escape(name)}\b", used) for name in names)
