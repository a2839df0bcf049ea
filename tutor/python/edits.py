"""Small changes of a student's program, each of one token or one statement: trusted code that runs nothing, after
`perform.py`, `meter.py`, `mutants.py`, `layout.py` and `variables.py`.

`run(text)` takes JSON {source, rights: [source], most} and returns None when the source does not parse, else (source, lines, edits):
see `layout.py`. An edit's fifth part says what kind of change it is.
"""

import ast
import copy
import json

ALL_COMPARE = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
WRAPPERS = ("int", "str", "list", "float", "len", "sorted", "abs", "sum", "set", "tuple")
SWAPS = {"append": "extend", "extend": "append", "upper": "lower", "lower": "upper", "split": "strip", "remove": "pop", "keys": "values", "values": "keys"}


def constants_in(trees):
    """The plain constants of some programs, the most frequent first, without doubles."""
    found = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, (int, float, str, bool, type(None))) and len(repr(node.value)) < 30:
                found.setdefault((type(node.value), node.value), node)
    return list(found.values())


def head_places(statement):
    """Every (parent, field, index, child) of a statement that is not in its blocks."""
    for parent, field, index, child in places(statement):
        if not isinstance(child, ast.stmt) and not isinstance(child, (ast.ExceptHandler, ast.match_case)):
            yield parent, field, index, child


def own_places(statement):
    inner = {id(one) for block in blocks(statement) for node in block[1] for one in ast.walk(node)}
    return [place for place in head_places(statement) if id(place[3]) not in inner]


def name_swaps(node, names):
    if isinstance(node.ctx, ast.Load) and node.id in names:
        for other in names[:7]:
            if other != node.id:
                yield ast.Name(other, ast.Load())


def ranges(node):
    one = ast.Constant(1)
    match node.args:
        case [last]:
            yield ast.Call(node.func, [one, last], [])
            yield ast.Call(node.func, [one, plus(last, 1)], [])
            yield ast.Call(node.func, [plus(last, 1)], [])
            if not isinstance(last, ast.Call):
                yield ast.Call(node.func, [ast.Call(ast.Name("len", ast.Load()), [last], [])], [])
        case [first, last]:
            yield ast.Call(node.func, [first, plus(last, 1)], [])
            yield ast.Call(node.func, [last], [])
            yield ast.Call(node.func, [first, last, ast.Constant(2)], [])
            yield ast.Call(node.func, [first, last, ast.Constant(-1)], [])


def more(node, names, pool):
    """Other expressions in place of one."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in ALL_COMPARE:
            for other in ALL_COMPARE:
                if other is not type(operator):
                    yield ast.Compare(node.left, [other()], node.comparators)
        case ast.BinOp():
            for other in (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Div, ast.Mod, ast.Pow):
                if other is not type(node.op):
                    yield ast.BinOp(node.left, other(), node.right)
            yield ast.BinOp(node.right, node.op, node.left)
            yield node.left
            yield node.right
        case ast.Constant() if not isinstance(node.value, bytes):
            for other in pool[:12]:
                if other.value != node.value or type(other.value) is not type(node.value):
                    yield ast.Constant(other.value)
        case ast.Name():
            yield from name_swaps(node, names)
        case ast.BoolOp():
            yield from node.values
        case ast.Call(func=ast.Name(id="range")):
            yield from ranges(node)
        case ast.Call(func=ast.Attribute(attr=name)) if name in SWAPS:
            yield ast.Call(ast.Attribute(node.func.value, SWAPS[name], ast.Load()), node.args, node.keywords)
        case ast.Call(func=ast.Name(id=name), args=[argument]) if name in WRAPPERS or name == "round":
            yield argument
        case ast.Call(func=ast.Name(id="input")):
            yield ast.Call(ast.Name("int", ast.Load()), [node], [])
        case ast.Call(args=[first, second]) if not node.keywords:
            yield ast.Call(node.func, [second, first], [])
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, (ast.Slice, ast.Tuple)) and isinstance(node.ctx, ast.Load):
        for other in (plus(node.slice, 1), plus(node.slice, -1)) if not isinstance(node.slice, ast.Constant) else ():
            yield ast.Subscript(node.value, other, node.ctx)
        yield node.value


def wrapped(parent, field, node):
    """A value as another type, where a value of a statement stands."""
    if isinstance(parent, (ast.Return, ast.Assign)) and field == "value":
        for name in WRAPPERS:
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == name):
                yield ast.Call(ast.Name(name, ast.Load()), [node], [])


class Maker:
    """Collects the edits of a program."""

    def __init__(self, program, pool):
        self.program, self.pool, self.edits, self.seen = program, pool, [], set()

    def add(self, first, last, lines, near, kind):
        key = (first, last, tuple(lines))
        if key not in self.seen and lines != self.program.lines[first - 1:last - 1]:
            self.seen.add(key)
            self.edits.append((first, last, lines, near, kind))

    def text_of(self, statement):
        text = header_text(statement)
        text = "el" + text if self.program.is_elif(statement) else text
        return indented(text, statement.col_offset)

    def span(self, statement):
        has_blocks = any(True for _ in blocks(statement))
        return start(statement), self.program.header_end(statement) if has_blocks else statement.end_lineno + 1

    def tokens(self, statement, names):
        first, last = self.span(statement)
        for parent, field, index, child in own_places(statement):
            if isinstance(parent, ast.JoinedStr) and not isinstance(child, ast.Constant):
                continue
            if not isinstance(child, ast.expr) and not isinstance(child, ast.Slice):
                continue
            for new in [*expressions(child), *more(child, names, self.pool), *wrapped(parent, field, child)]:
                put(parent, field, index, new)
                try:
                    lines = self.text_of(statement)
                except (ValueError, TypeError, AttributeError):
                    lines = None
                put(parent, field, index, child)
                if lines is not None:
                    self.add(first, last, lines, statement.lineno, "token")

    def whole(self, statement, names):
        """Another statement in place of one."""
        first, last, columns = start(statement), statement.end_lineno + 1, statement.col_offset
        simple = not any(True for _ in blocks(statement))
        other = lambda node: self.add(*self.span(statement), indented(ast.unparse(node), columns), statement.lineno, "statement")
        if simple:
            for new in statements(statement):
                other(new)
            match statement:
                case ast.AugAssign(target=target, value=value):
                    other(ast.Assign([target], value, lineno=1))
                    for operator in (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv):
                        other(ast.AugAssign(target, operator(), value))
                case ast.Assign(targets=[ast.Name() | ast.Attribute() | ast.Subscript() as target], value=value):
                    other(ast.AugAssign(target, ast.Add(), value))
                    other(ast.Return(value))
                case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=[value])):
                    other(ast.Return(value))
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner)) as value):
                    other(ast.Assign([owner], value, lineno=1)) if isinstance(owner, ast.Name) else None
                    other(ast.Return(value))
                case ast.Expr(value=value):
                    other(ast.Return(value))
                case ast.Return(value=value) if value is not None:
                    other(ast.Expr(ast.Call(ast.Name("print", ast.Load()), [value], [])))
                    for name in names[:6]:
                        other(ast.Return(ast.Name(name, ast.Load())))
            self.add(first, last, [], first, "removed")
        elif isinstance(statement, (ast.If, ast.While)):
            test, statement.test = statement.test, negated(statement.test)
            lines = self.text_of(statement)
            statement.test = test
            self.add(*self.span(statement), lines, statement.lineno, "token")
            self.branches(statement, columns)

    def branches(self, statement, columns):
        lines = self.program.lines
        here = lines[statement.lineno - 1]
        if isinstance(statement, ast.If) and self.program.is_elif(statement):
            self.add(statement.lineno, statement.lineno + 1, [here.replace("elif", "if", 1)], statement.lineno, "statement")
        elif isinstance(statement, ast.If):
            self.add(statement.lineno, statement.lineno + 1, [here.replace("if", "while", 1)], statement.lineno, "statement")
            self.add(statement.lineno, statement.lineno + 1, [here.replace("if", "elif", 1)], statement.lineno, "statement")
            if not statement.orelse:
                inside = [line[statement.body[0].col_offset - columns:] for line in lines[start(statement.body[0]) - 1:statement.end_lineno]]
                self.add(statement.lineno, statement.end_lineno + 1, inside, statement.lineno, "removed")
        else:
            self.add(statement.lineno, statement.lineno + 1, [here.replace("while", "if", 1)], statement.lineno, "statement")

    def moves(self, block, names, function):
        """A statement a step out of its block, into the one before it, or changed with its neighbour."""
        lines = self.program.lines
        for at, node in enumerate(block):
            text = lines[start(node) - 1:node.end_lineno]
            if at and start(block[at]) > block[at - 1].end_lineno:
                before = block[at - 1]
                swapped = [*text, *lines[before.end_lineno:start(node) - 1], *lines[start(before) - 1:before.end_lineno]]
                self.add(start(before), node.end_lineno + 1, swapped, start(node), "moved")
                inner = before
                while any(True for _ in blocks(inner)):
                    last = list(blocks(inner))[-1][1]
                    inner = last[-1]
                    if isinstance(inner, ast.stmt):
                        deeper = [" " * (inner.col_offset - node.col_offset) + line if line.strip() else line for line in text]
                        self.add(start(node), node.end_lineno + 1, deeper, start(node), "moved")
                    else:
                        break
            if any(True for _ in blocks(node)) and not isinstance(node, DEFS):
                self.outward(node, node.body)

    def outward(self, owner, body):
        """The last statement of a block behind it."""
        lines = self.program.lines
        last = body[-1]
        if len(body) > 1 or isinstance(last, ast.Return):
            shallower = [line[last.col_offset - owner.col_offset:] if line.strip() else line for line in lines[start(last) - 1:last.end_lineno]]
            rest = lines[last.end_lineno:owner.end_lineno]
            self.add(start(last), owner.end_lineno + 1, [*rest, *shallower], start(last), "moved")

    def function(self, node):
        names = list(dict.fromkeys([*parameters(node), *bound(node)]))
        inside = [one for one in statements_of(node)]
        for statement in inside:
            self.tokens(statement, names)
            self.whole(statement, names)
        self.blocks_of(node, names)
        last, columns = node.body[-1], node.body[0].col_offset
        if not isinstance(last, (ast.Return, ast.Raise)):
            for text in [*names[:8], "True", "False", "0", "None"][:10]:
                self.add(node.end_lineno + 1, node.end_lineno + 1, [" " * columns + f"return {text}"], node.end_lineno, "added")

    def blocks_of(self, node, names):
        for _, block in blocks(node):
            if isinstance(block[0], ast.stmt):
                self.moves(block, names, node)
            for one in block:
                if not isinstance(one, DEFS):
                    self.blocks_of(one, names)


DEFS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def run(text):
    asked = json.loads(text)
    try:
        program = Program(asked["source"])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    pool = constants_in([tree for tree in map(ast.parse, asked["rights"])] + [program.tree])
    maker = Maker(program, pool)
    functions = [node for node in ast.walk(program.tree) if isinstance(node, DEFS[:2])]
    for node in functions:
        maker.function(node)
    top = [node for node in program.tree.body if not isinstance(node, DEFS) and not is_main(node)]
    if top:
        names = bound(ast.Module(top, []))
        for node in top:
            for statement in [node, *statements_of(node)]:
                maker.tokens(statement, names)
                maker.whole(statement, names)
        maker.blocks_of(ast.Module(top, []), names)
    return program.source, [program.written(line) for line in range(1, len(program.lines) + 1)], maker.edits[:asked["most"]]
