"""Compares a program with right ones: trusted code that runs neither, after `layout.py` and `variables.py`.

`run(text)` takes JSON {source, rights: [source], whole} and returns None when the source does not parse, else
(source, lines, [(cost, share, names, edits) or None]): the program as the edits count its lines, the line as written of each
of these, and for each right program how far it is, the share of its statements that the program has, the names of the right
program with those of the program by function, and edits (first, last, lines, near, function) that make the one of the other.
`whole`: whether what stands at the top is compared, too.
"""

import ast
import copy
import json
import re
from collections import Counter

TOKEN = re.compile(r"\w+|[^\w\s]")
DEFS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
KINDS = {ast.AugAssign: "set", ast.AnnAssign: "set", ast.Assign: "set"}


class Plain(ast.NodeTransformer):
    """Without annotations."""

    def visit_arg(self, node):
        node.annotation = None
        return node

    def visit_FunctionDef(self, node):
        node.returns = None
        return self.generic_visit(node)

    visit_AsyncFunctionDef = visit_FunctionDef


def is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def kind_of(node):
    return KINDS.get(type(node), type(node).__name__)


class Comparison:
    """The alignment of a program with one right program; costs are counted in nodes of the tree."""

    def __init__(self, program):
        self.program, self.texts, self.sizes, self.costs, self.counts = program, {}, {}, {}, {}
        self.edits, self.kept, self.total, self.function = [], 0, 0, ""

    def text(self, node):
        if id(node) not in self.texts:
            self.texts[id(node)] = (node, header_text(Plain().visit(copy.deepcopy(node))) if isinstance(node, DEFS) else header_text(node))
        return self.texts[id(node)][1]

    def size(self, node):
        if id(node) not in self.sizes:
            self.sizes[id(node)] = (node, sum(1 for _ in ast.walk(node)))
        return self.sizes[id(node)][1]

    def words(self, text):
        if text not in self.counts:
            self.counts[text] = Counter(TOKEN.findall(text))
        return self.counts[text]

    def head_cost(self, one, other):
        a, b = self.text(one), self.text(other)
        if a == b:
            return 0
        ours, theirs = self.words(a), self.words(b)
        return 1 + (sum((ours - theirs).values()) + sum((theirs - ours).values())) / 2

    def cost(self, one, other):
        """Of making one statement of the other; None where that is no better than a new one."""
        key = (id(one), id(other))
        if key not in self.costs:
            self.costs[key] = self.work_out(one, other)
        return self.costs[key]

    def work_out(self, one, other):
        if kind_of(one) != kind_of(other) or (isinstance(one, DEFS) and one.name != other.name):
            return None
        head = self.head_cost(one, other)
        if not any(True for _ in blocks(one)):
            return head if head < 2 + max(self.size(one), self.size(other)) * 0.7 else None
        total = head
        for field in BLOCKS:
            total += self.table(getattr(one, field, None) or [], getattr(other, field, None) or [])[-1][-1]
        return total if total < (self.size(one) + self.size(other)) * 0.8 else None

    def table(self, ours, theirs):
        ours, theirs = [[one for one in block if isinstance(one, ast.stmt) and not is_text(one)] for block in (ours, theirs)]
        rows = [[0.0]]
        for other in theirs:
            rows[0].append(rows[0][-1] + self.size(other))
        for one in ours:
            row, before = [rows[-1][0] + self.size(one)], rows[-1]
            for at, other in enumerate(theirs):
                best = min(before[at + 1] + self.size(one), row[at] + self.size(other))
                cost = self.cost(one, other)
                row.append(best if cost is None else min(best, before[at] + cost))
            rows.append(row)
        return rows

    def pairs(self, ours, theirs):
        """The pairs of an alignment, None for what the other one lacks, in order."""
        rows = self.table(ours, theirs)
        ours, theirs = [[one for one in block if isinstance(one, ast.stmt) and not is_text(one)] for block in (ours, theirs)]
        i, j, found = len(ours), len(theirs), []
        while i or j:
            cost = self.cost(ours[i - 1], theirs[j - 1]) if i and j else None
            if cost is not None and abs(rows[i][j] - rows[i - 1][j - 1] - cost) < 1e-9:
                i, j = i - 1, j - 1
                found.append((ours[i], theirs[j]))
            elif j and abs(rows[i][j] - rows[i][j - 1] - self.size(theirs[j - 1])) < 1e-9:
                j -= 1
                found.append((None, theirs[j]))
            else:
                i -= 1
                found.append((ours[i], None))
        return found[::-1]

    def put(self, first, last, lines, near):
        self.edits.append((first, last, lines, near, self.function))

    def block(self, ours, theirs, after, columns):
        """Edits for a block; `after` is the line before its first statement."""
        pairs = self.pairs(ours, theirs)
        docs = [one for one in ours if is_text(one)]
        after = max([after, *(one.end_lineno for one in docs)])
        lost = bool(ours) and all(other is None or one is None for one, other in pairs) and not any(one is None for one, _ in pairs) and not docs
        for one, other in pairs:
            if one is None:
                self.put(after + 1, after + 1, indented(ast.unparse(other), columns), after)
                continue
            self.total += 1
            if other is None:
                lines = [" " * columns + "pass"] if lost and one is pairs[-1][0] else []
                self.put(start(one), one.end_lineno + 1, lines, start(one))
            else:
                self.pair(one, other)
            after = one.end_lineno

    def pair(self, one, other):
        same = self.text(one) == self.text(other)
        self.kept += same
        if not any(True for _ in blocks(one)):
            if not same:
                self.put(one.lineno, one.end_lineno + 1, indented(ast.unparse(other), one.col_offset), one.lineno)
            return
        if not same:
            text = self.text(other)
            text = "el" + text if self.program.is_elif(one) else text
            self.put(start(one), self.program.header_end(one), indented(text, one.col_offset), one.lineno)
        if any(getattr(node, field, None) for node in (one, other) for field in ("handlers", "cases")):
            self.rewritten(one, other)
            return
        inside = first_inside(one).col_offset
        for field in ("body", "orelse", "finalbody"):
            self.branch(one, other, field, inside)

    def rewritten(self, one, other):
        if ast.unparse(one) != ast.unparse(other):
            self.put(start(one), one.end_lineno + 1, indented(ast.unparse(other), one.col_offset), start(one))

    def branch(self, one, other, field, inside):
        ours, theirs = getattr(one, field, None) or [], getattr(other, field, None) or []
        word = "finally:" if field == "finalbody" else "else:"
        if ours and not theirs:
            first = start(ours[0]) if self.program.is_elif(ours[0]) else self.program.else_line(one, field)
            self.put(first, ours[-1].end_lineno + 1, [], first)
        elif theirs and not ours:
            lines = [" " * one.col_offset + word, *indented("\n".join(ast.unparse(node) for node in theirs), inside)]
            self.put(one.end_lineno + 1, one.end_lineno + 1, lines, one.end_lineno)
        elif ours and theirs:
            chained = self.program.is_elif(ours[0])
            if chained and (len(theirs) > 1 or not isinstance(theirs[0], ast.If) or self.cost(ours[0], theirs[0]) is None):
                lines = [" " * one.col_offset + word, *indented("\n".join(ast.unparse(node) for node in theirs), inside)]
                self.put(start(ours[0]), ours[-1].end_lineno + 1, lines, start(ours[0]))
                return
            after = self.program.header_end(one) - 1 if field == "body" else start(ours[0]) - 1
            self.block(ours, theirs, after, ours[0].col_offset)


def defs(block):
    return {node.name: node for node in block if isinstance(node, DEFS)}


def others(block):
    return [node for node in block if not isinstance(node, DEFS)]


def compared(program, right, whole):
    """(cost, share, names, edits) of one right program."""
    tree, own = copy.deepcopy(right), program.tree
    comparison, names = Comparison(program), {}
    top = name_map(ast.Module(others(tree.body), []), ast.Module(others(own.body), [])) if whole else {}
    for node in tree.body:
        if not isinstance(node, DEFS):
            Renamed(top).visit(node)
    names[""] = top
    scope(comparison, own.body, tree.body, "", {name: one for name, one in top.items()}, names)
    ours, theirs = others(own.body), others(tree.body)
    ours = ours if whole else [one for one in ours if isinstance(one, (ast.Import, ast.ImportFrom))]
    theirs = theirs if whole else [one for one in theirs if not is_main(one) and not is_text(one)]
    have = {ast.unparse(one) for one in others(own.body)}
    theirs = [one for one in theirs if whole or ast.unparse(one) not in have]
    comparison.function = ""
    if whole:
        comparison.block(ours, theirs, 0, 0)
    elif theirs:
        text = [line for one in theirs for line in ast.unparse(one).split("\n")]
        comparison.put(1, 1, text, 1)
    cost = sum(1 + abs(edit[1] - edit[0]) + len(edit[2]) for edit in comparison.edits)
    return cost, comparison.kept / max(1, comparison.total), list(names.items()), comparison.edits


def is_main(node):
    return isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and getattr(node.test.left, "id", "") == "__name__"


def scope(comparison, own, right, path, known, names):
    """The functions of a module or a class, each with the one of the same name."""
    ours, theirs = defs(own), defs(right)
    for name, other in theirs.items():
        one = ours.get(name)
        if one is None:
            last = own[-1].end_lineno if own else 0
            columns = own[0].col_offset if own else 0
            comparison.function = path + name
            comparison.put(last + 1, last + 1, ["", *indented(ast.unparse(other), columns)], last)
            continue
        if isinstance(other, ast.ClassDef) and isinstance(one, ast.ClassDef):
            scope(comparison, one.body, other.body, f"{path}{name}.", known, names)
            comparison.function = path + name
            head(comparison, one, other)
            rest = others(other.body)
            if rest and any(not is_text(node) for node in rest):
                comparison.block(others(one.body), rest, comparison.program.header_end(one) - 1, one.body[0].col_offset)
        elif not isinstance(other, ast.ClassDef) and not isinstance(one, ast.ClassDef):
            mapped = name_map(other, one)
            names[path + name] = mapped
            for node in [other.args, *other.body]:
                Renamed(known | mapped).visit(node)
            comparison.function = path + name
            head(comparison, one, other)
            comparison.block(one.body, other.body, comparison.program.header_end(one) - 1, one.body[0].col_offset)


def head(comparison, one, other):
    if comparison.text(one) != comparison.text(other):
        text = comparison.text(other)
        comparison.put(start(one), comparison.program.header_end(one), indented(text, one.col_offset), one.lineno)


def run(text):
    asked = json.loads(text)
    try:
        program = Program(asked["source"])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = []
    for source in asked["rights"]:
        try:
            found.append(compared(program, ast.parse(source), asked["whole"]))
        except (SyntaxError, ValueError, RecursionError):
            found.append(None)
    return program.source, [program.written(line) for line in range(1, len(program.lines) + 1)], found
