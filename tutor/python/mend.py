"""Changes one suspicious line of a program to what was probably meant: `run(text)` takes JSON {source, smells: [[name, line]]}
and returns for each the changed source, or None where no change is known. Nothing is run here.
"""

import ast
import json


def block_of(tree, statement):
    """The list of statements that holds a statement."""
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and any(one is statement for one in block):
                return block
    return None


def replace(tree, statement, *others):
    block = block_of(tree, statement)
    at = next(at for at, one in enumerate(block) if one is statement)
    block[at:at + 1] = others


def shared_default(tree, nodes):
    for function in nodes:
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            arguments = function.args
            names = [*arguments.posonlyargs, *arguments.args]
            for group, defaults in ((names[::-1], arguments.defaults[::-1]), (arguments.kwonlyargs, arguments.kw_defaults)):
                for argument, default in zip(group, defaults):
                    if default is not None and not isinstance(default, ast.Constant):
                        copied = ast.parse(f"if {argument.arg} == {ast.unparse(default)}: {argument.arg} = {ast.unparse(default)}").body
                        function.body[:0] = copied
                        return True


def shared_attribute(tree, nodes, line):
    for owner in nodes:
        if not isinstance(owner, ast.ClassDef):
            continue
        for item in owner.body:
            if isinstance(item, ast.Assign) and item.lineno == line and isinstance(item.targets[0], ast.Name):
                made = ast.parse(f"self.{item.targets[0].id} = {ast.unparse(item.value)}").body[0]
                maker = next((one for one in owner.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)
                if maker is None:
                    owner.body.append(ast.parse("def __init__(self, *args, **kwargs):\n    super().__init__(*args, **kwargs)").body[0])
                    maker = owner.body[-1]
                maker.body.insert(0, made)
                return True


def kept_none(tree, node):
    statement = ast.Expr(node.value)
    result = ast.unparse(node.value.func.value)
    if isinstance(node, ast.Return):
        replace(tree, node, statement, ast.Return(node.value.func.value))
    elif ast.unparse(node.targets[0]) == result:
        replace(tree, node, statement)
    else:
        replace(tree, node, statement, ast.Assign(node.targets, node.value.func.value))
    return True


def always_true(node):
    first = node.values[0]
    for at, value in enumerate(node.values):
        if isinstance(value, ast.Constant):
            node.values[at] = ast.Compare(first.left, [first.ops[0]], [value])
    return True


def early_return(tree, loop, line):
    for node in ast.walk(loop):
        if isinstance(node, ast.Return) and node.lineno == line:
            replace(tree, node, ast.Pass())
            block = block_of(tree, loop)
            block.insert(block.index(loop) + 1, node)
            return True


def base_init(function):
    function.body.insert(0, ast.parse("super().__init__()").body[0])
    return True


def mended(tree, name, line):
    """Changes the tree; true when it did."""
    nodes = list(ast.walk(tree))
    here = [node for node in nodes if getattr(node, "lineno", None) == line]
    if name == "shared-default":
        functions = [node for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.lineno <= line <= node.body[0].lineno]
        return shared_default(tree, functions[-1:])
    if name == "shared-attribute":
        return shared_attribute(tree, nodes, line)
    for node in here:
        match name, node:
            case "lost-text", ast.Expr(value=ast.Call(func=ast.Attribute(value=owner))):
                replace(tree, node, ast.Assign([owner], node.value))
                return True
            case "lost-comparison", ast.Expr(value=ast.Compare(left=left, comparators=[right])):
                replace(tree, node, ast.Assign([left], right))
                return True
            case "lost-error", ast.Expr(value=error):
                replace(tree, node, ast.Raise(error))
                return True
            case "returned-error", ast.Return(value=error):
                replace(tree, node, ast.Raise(error))
                return True
            case "lost-recursion", ast.Expr(value=call):
                replace(tree, node, ast.Return(call))
                return True
            case "kept-none", (ast.Assign() | ast.Return()):
                return kept_none(tree, node)
            case "always-true", ast.BoolOp():
                return always_true(node)
            case "identity", ast.Compare(ops=[operator]):
                node.ops = [ast.Eq() if isinstance(operator, ast.Is) else ast.NotEq()]
                return True
            case "swallowed-error", ast.ExceptHandler():
                node.body = [ast.Raise()]
                return True
            case "changed-while-looping", ast.For():
                node.iter = ast.Call(ast.Name("list", ast.Load()), [node.iter], [])
                return True
            case "rewritten-file", ast.Call(args=[_, ast.Constant() as mode, *_]) if getattr(node.func, "id", "") == "open":
                mode.value = mode.value.replace("w", "a")
                return True
            case "base-init-missing", ast.FunctionDef():
                return base_init(node)
    if name == "early-return":
        loops = [node for node in nodes if isinstance(node, (ast.For, ast.While)) and node.lineno < line <= node.end_lineno]
        return bool(loops) and early_return(tree, loops[-1], line)
    return False


def mend(source, name, line):
    try:
        tree = ast.parse(source)
        if not mended(tree, name, line):
            return None
        text = ast.unparse(ast.fix_missing_locations(tree))
        compile(text, "solution.py", "exec")
        return text
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def run(text):
    asked = json.loads(text)
    return [mend(asked["source"], name, line) for name, line in asked["smells"]]
