"""Normal forms of programs: `run(text)` takes JSON {sources, shaped} and returns for each source (tree, shape, sharing), or None when it does not parse.

tree: the syntax tree without formatting and comments. shape: the same with locals renamed and docstrings left out. sharing: `tree` when
what the program does cannot depend on how it is written down, `text` when it may (it can see its own source or lines), `none` when it
can do something else each time.
"""

import ast
import json

SEEING = {
    "ast", "bdb", "builtins", "code", "codeop", "ctypes", "dis", "doctest", "faulthandler", "gc", "importlib", "inspect", "linecache", "logging",
    "marshal", "operator", "pdb", "pickle", "pkgutil", "pydoc", "runpy", "symtable", "tokenize", "trace", "traceback", "tracemalloc", "types",
    "unittest", "warnings", "weakref", "zipimport",
    "compile", "dir", "eval", "exec", "getattr", "globals", "help", "id", "locals", "vars", "breakpoint", "lineno", "end_lineno", "modules",
    "exc_info", "settrace", "setprofile", "monitoring", "excepthook", "last_traceback", "last_exc", "attrgetter", "with_traceback",
}
INSIDES = (".co_", ".f_", ".tb_", ".gi_", ".cr_", ".ag_", "._get", "._current")
PLAIN = {
    f"__{name}__"
    for name in """init name main new class eq ne lt le gt ge hash repr str bool len iter next contains getitem setitem delitem enter exit call add
    radd iadd sub rsub isub mul rmul imul truediv rtruediv floordiv rfloordiv mod rmod pow rpow neg pos abs int float round index and or xor invert
    missing reversed post_init format bytes match_args slots all aenter aexit aiter anext await init_subclass set_name del""".split()
}
CHANGING = {
    "random", "secrets", "uuid", "now", "today", "utcnow", "urandom", "getpid", "getrandom", "perf_counter", "perf_counter_ns", "monotonic",
    "monotonic_ns", "process_time", "process_time_ns", "time", "time_ns", "localtime", "gmtime", "ctime", "strftime", "timeit",
}
IDENTIFIERS = {"Name": "id", "Attribute": "attr", "FunctionDef": "name", "AsyncFunctionDef": "name", "ClassDef": "name", "alias": "name"}
FIELDS = {}
PLAIN_TYPES = {str, int, float, complex, bytes, bool, type(None), type(Ellipsis)}


def flatten(tree):
    """A text that is the same for equal trees only (the type, fields and constants of each node, in order), and the words of the program."""
    parts, words, todo = [], set(), [tree]
    push, pop, write = todo.append, todo.pop, parts.append
    while todo:
        node = pop()
        kind = type(node)
        if kind is list:
            write(f"[{len(node)}")
            todo += node[::-1]
        elif kind in PLAIN_TYPES:
            write(repr(node))
        else:
            name = kind.__name__
            fields = FIELDS.get(name)
            if fields is None:
                fields = FIELDS[name] = [field for field in kind._fields if field not in ("ctx", "kind", "type_comment")][::-1]
            write(name)
            for field in fields:
                push(getattr(node, field, None))
            if name in IDENTIFIERS:
                word = getattr(node, IDENTIFIERS[name])
                words.add(f".{word}" if name in ("Attribute", "alias") else word)
            elif name == "Constant" and type(node.value) is str and ("__" in node.value or ".py" in node.value) and node.value != "__main__":
                words.add("__file__")
            elif name == "ImportFrom":
                words.update((node.module or "").split("."))
                words.update("builtins" for alias in node.names if alias.name == "*" and node.module != "math")
            elif name == "MatchClass":
                words.update(node.kwd_attrs)
    return "\n".join(parts), words


def sharing(words):
    parts = {part for word in words for part in word.split(".")}
    if parts & CHANGING:
        return "none"
    inside = any(word.startswith(INSIDES) for word in words) or any(part.startswith("__") and part not in PLAIN for part in parts)
    return "text" if inside or parts & SEEING else "tree"


class Renamed(ast.NodeTransformer):
    """Parameters and locals of functions by their order, no docstrings."""

    def __init__(self):
        self.scopes = []

    def body(self, node):
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            node.body = node.body[1:] or [ast.Pass()]

    def visit_Module(self, node):
        self.body(node)
        return self.generic_visit(node)

    def visit_ClassDef(self, node):
        self.body(node)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node):
        self.body(node)
        kept = {name for inner in ast.walk(node) if isinstance(inner, (ast.Global, ast.Nonlocal)) for name in inner.names}
        names = {}
        for inner in ast.walk(node):
            name = inner.arg if isinstance(inner, ast.arg) else inner.id if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store) else None
            if name and name not in kept:
                names.setdefault(name, f"v{len(names)}")
        self.scopes.append(names)
        node = self.generic_visit(node)
        self.scopes.pop()
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def known(self, name):
        return next((f"{depth}{names[name]}" for depth, names in reversed(list(enumerate(self.scopes))) if name in names), name)

    def visit_Name(self, node):
        node.id = self.known(node.id)
        return node

    def visit_arg(self, node):
        node.arg = self.known(node.arg)
        return self.generic_visit(node)


def normal(source, shaped):
    try:
        tree = ast.parse(source)
        form, words = flatten(tree)
        return form, flatten(Renamed().visit(tree))[0] if shaped else None, sharing(words)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def run(text):
    asked = json.loads(text)
    return [normal(source, asked["shaped"]) for source in asked["sources"]]
