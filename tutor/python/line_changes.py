"""Changes of one line each of a program, its layout kept: trusted code that runs nothing, after `mutants.py`.

`run(text)` takes JSON [source] and returns for each None when it does not parse, else (lines, changes): the numbers of its lines with code,
none when a statement or a text spans several lines; and (line, the line as it then is) of each change.
"""

import ast
import io
import json
import re
import tokenize

SIGNS = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**", ast.BitAnd: "&", ast.BitOr: "|",
    ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>", ast.And: "and", ast.Or: "or",
}


def with_sign(text, old, new):
    """The text between two operands with another operator, or None."""
    parts = re.split(rf"(?<![<>=!*/]){re.escape(SIGNS[type(old)])}(?![<>=*/])", text)
    return SIGNS[type(new)].join(parts) if len(parts) == 2 else None


def operators(old, new):
    """(left operand, right operand, old operator, new operator) where a change is one of an operator."""
    match old, new:
        case ast.BinOp(), ast.BinOp() if old.left is new.left and old.right is new.right:
            return old.left, old.right, old.op, new.op
        case ast.BoolOp(values=[left, right]), ast.BoolOp():
            return left, right, old.op, new.op
        case ast.Compare(), ast.Compare():
            at = next(i for i, (one, other) in enumerate(zip(old.ops, new.ops)) if type(one) is not type(other))
            return [old.left, *old.comparators][at], old.comparators[at], old.ops[at], new.ops[at]
        case ast.AugAssign(), ast.AugAssign():
            return None
    return None


def in_style(node, before):
    """The source of a node, with the quotes that the program uses."""
    text = ast.unparse(node)
    return json.dumps(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) and before.startswith('"') else text


def span(line, old, new):
    """(first byte, end, text) of the change of a line, or None where it is none of one line."""
    raw = line.encode()
    found = operators(old, new)
    if found is not None:
        left, right, was, now = found
        if left.end_lineno != right.lineno:
            return None
        first, end = left.end_col_offset, right.col_offset
        text = with_sign(raw[first:end].decode(), was, now)
        return None if text is None else (first, end, text)
    match old, new:
        case ast.AugAssign(), ast.AugAssign():
            first, end = old.target.end_col_offset, old.value.col_offset
            signs = f"{SIGNS[type(old.op)]}=", f"{SIGNS[type(new.op)]}="
            return first, end, raw[first:end].decode().replace(*signs)
        case ast.Call(func=ast.Name(id=was)), ast.Call(func=ast.Name(id=now)) if was != now:
            return old.func.col_offset, old.func.end_col_offset, now
        case ast.Call(func=ast.Attribute()), ast.Call(func=ast.Attribute(attr=now)) if old.func.attr != now:
            return old.func.end_col_offset - len(old.func.attr.encode()), old.func.end_col_offset, now
        case (ast.If() | ast.While()), _:
            test = old.test
            text = raw[test.col_offset:test.end_col_offset].decode()
            simple = isinstance(test, (ast.Name, ast.Call, ast.Attribute, ast.Subscript))
            return (test.col_offset, test.end_col_offset, f"not {text}" if simple else f"not ({text})") if test.lineno == test.end_lineno else None
        case ast.For(), _:
            return None
    if old.lineno != old.end_lineno:
        return None
    first, end = old.col_offset, old.end_col_offset
    return first, end, in_style(new, raw[first:end].decode())


def changes_of(source, tree):
    lines = source.split("\n")
    seen = set()
    for line, change, parent, field, index, new in variants(tree):
        old = getattr(parent, field) if index is None else getattr(parent, field)[index]
        if isinstance(parent, ast.JoinedStr) or not hasattr(old, "lineno") or isinstance(old, ast.Constant) and isinstance(old.value, str):
            continue
        place = span(lines[old.lineno - 1], old, new)
        if place is None:
            continue
        first, end, text = place
        raw = lines[old.lineno - 1].encode()
        now = (raw[:first] + text.encode() + raw[end:]).decode()
        key = old.lineno, now
        if key in seen or now == lines[old.lineno - 1]:
            continue
        seen.add(key)
        try:
            ast.parse("\n".join([*lines[:old.lineno - 1], now, *lines[old.lineno:]]))
        except SyntaxError:
            continue
        yield key


def code_lines(source, tree):
    """The lines with code, none where a line is not a whole statement or the head of one."""
    texts = {node.lineno for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    found = set()
    if "\\\n" in source:
        return []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.start[0] != token.end[0] and token.string.strip():
            return []
        if token.type == tokenize.NL and token.start[0] in found:
            return []
        if token.type in (tokenize.NAME, tokenize.OP, tokenize.NUMBER, tokenize.STRING, tokenize.FSTRING_START):
            found.add(token.start[0])
    return sorted(found - texts)


def run(text):
    results = []
    for source in json.loads(text):
        try:
            tree = ast.parse(source)
            results.append((code_lines(source, tree), list(changes_of(source, tree))))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            results.append(None)
    return results
