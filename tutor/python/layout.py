"""Where the statements of a program stand, and changes of its lines: a part of `alignment.py` and `edits.py`.

An edit is (first, last, lines, near): the lines from `first` up to but without `last`, counted from 1, are replaced by
`lines`; `near` is the line of the program that a person would look at, for an insertion the one after which something is missing.
"""

import ast
import re

BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def start(node):
    """The first line of a statement, with its decorators."""
    return min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])


def blocks(node):
    """The blocks of a statement that have statements."""
    for field in BLOCKS:
        block = getattr(node, field, None)
        if isinstance(block, list) and block and isinstance(block[0], (ast.stmt, ast.ExceptHandler, ast.match_case)):
            yield field, block


def statements_of(tree):
    """All statements, in their order."""
    for _, block in blocks(tree):
        for node in block:
            if isinstance(node, ast.stmt):
                yield node
            yield from statements_of(node)


def is_plain_layout(lines, tree):
    """Whether each statement has lines of its own, indented by blanks."""
    for node in statements_of(tree):
        before = lines[node.lineno - 1].encode()[:node.col_offset]
        if before.strip(b" "):
            return False
    return not any("\\\n" in line + "\n" or "\f" in line for line in lines)


class Program:
    """A program with its tree. One of an odd layout is laid out anew; `line_of` gives its lines in the text as written."""

    def __init__(self, source):
        self.source, self.tree = source, ast.parse(source)
        self.lines = source.split("\n")
        self.line_of = None
        if not is_plain_layout(self.lines, self.tree):
            text = ast.unparse(self.tree)
            new = ast.parse(text)
            self.line_of = {one.lineno: old.lineno for one, old in zip(ast.walk(new), ast.walk(self.tree)) if hasattr(one, "lineno")}
            self.source, self.tree, self.lines = text, new, text.split("\n")

    def written(self, line):
        """The line of the text as it was written."""
        if self.line_of is None:
            return line
        return self.line_of.get(line) or self.line_of[max((one for one in self.line_of if one <= line), default=min(self.line_of, default=line))]

    def header_end(self, node):
        """The line after the header of a statement with blocks."""
        last = start(first_inside(node)) - 1
        while last > node.lineno and re.fullmatch(r"\s*(#.*)?", self.lines[last - 1]):
            last -= 1
        return last + 1

    def else_line(self, node, field):
        """The line of `else:` or `finally:` before a block."""
        first = getattr(node, field)[0]
        for line in range(start(first) - 1, node.lineno, -1):
            if re.match(r"\s*(else|finally)\b", self.lines[line - 1]):
                return line
        return start(first)

    def is_elif(self, node):
        return isinstance(node, ast.If) and self.lines[node.lineno - 1].lstrip().startswith("elif")


def first_inside(node):
    """The first thing in the first block of a statement; an empty case or handler has a pattern or a type before."""
    for _, block in blocks(node):
        first = block[0]
        return first.pattern if isinstance(first, ast.match_case) else first
    return node


def indented(text, columns):
    return [" " * columns + line if line.strip() else line for line in text.split("\n")]


def header_text(node):
    """The text of a statement without its blocks."""
    if not any(True for _ in blocks(node)):
        return ast.unparse(node)
    bare = type(node)(**{field: value for field, value in ast.iter_fields(node)})
    for field, _ in blocks(node):
        setattr(bare, field, [])
    if hasattr(bare, "decorator_list"):
        bare.decorator_list = list(node.decorator_list)
    bare.body = [ast.Pass()]
    if isinstance(node, (ast.Try, ast.Match)):
        return "try:" if isinstance(node, ast.Try) else f"match {ast.unparse(node.subject)}:"
    text = ast.unparse(ast.fix_missing_locations(bare))
    return text[:text.rindex("\n")]
