# What each line of a short program does to its variables.

import ast
import dis
import io
import sys
import types

FILE = '<steps>'
HIDDEN = (types.FunctionType, types.ModuleType, type, types.BuiltinFunctionType, types.GeneratorType, staticmethod)
LIMIT = 60
IS_FUNCTION = 0x1
IS_GENERATOR = 0x20
SIMPLE = (int, float, str, bytes, tuple, frozenset, range, type(None))


def shown(value):
    if isinstance(value, HIDDEN):
        return f"the {type(value).__name__} {getattr(value, '__name__', '')}".rstrip()
    if type(value).__repr__ is object.__repr__:
        fields = getattr(value, '__dict__', None)
        if fields is None:
            return f'a {type(value).__name__}'
        return f"{type(value).__name__}({', '.join(f'{name}={shown(field)}' for name, field in fields.items())})"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + '...'


def values(frame):
    # In an inlined comprehension the locals of a module are not all there.
    held = frame.f_globals if frame.f_code.co_name == '<module>' else frame.f_locals
    return {n: v for n, v in held.items() if not n.startswith('__') and not isinstance(v, HIDDEN)}


def given(code):
    count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 0x4) + bool(code.co_flags & 0x8)
    return code.co_varnames[:count]


class Follower:
    """Collects rows [line, depth, text]; a line's row comes when the next line of its frame begins."""

    def __init__(self, tree, printed):
        self.printed = printed
        self.told = 0
        self.rows = []
        self.stack = []
        self.paused = {}
        self.branches = {
            node.lineno: (node.body[0].lineno, isinstance(node, ast.For))
            for node in ast.walk(tree)
            if isinstance(node, (ast.If, ast.While, ast.For)) and node.body[0].lineno != node.lineno
        }
        self.heads = {
            node.decorator_list[0].lineno: node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and node.decorator_list
        }

    def follow(self, frame, event, argument):
        if frame.f_code.co_filename != FILE or frame.f_code.co_name.startswith('<gen'):
            return None
        if event == 'call':
            return self.enter(frame)
        top = self.stack[-1]
        if event == 'line':
            self.finish(frame, frame.f_lineno)
            top['line'] = frame.f_lineno
        elif event == 'exception':
            self.row(frame.f_lineno, f'raises {argument[0].__name__}')
            top['line'] = None
        elif event == 'return':
            self.leave(frame, argument)
        return self.follow

    def enter(self, frame):
        code = frame.f_code
        if code.co_name == '<module>':
            self.stack.append({'line': None, 'seen': {}})
        elif not code.co_flags & IS_FUNCTION:
            return None
        elif frame in self.paused:
            self.row(frame.f_lineno, f'{code.co_name} goes on')
            self.stack.append(self.paused.pop(frame))
        else:
            now = values(frame)
            self.row(self.heads.get(frame.f_lineno, frame.f_lineno), self.call_text(frame, now))
            self.stack.append({'line': None, 'seen': self.seen(now)})
        return self.follow

    def call_text(self, frame, now):
        names = given(frame.f_code)
        arguments = ', '.join(f'{name} = {shown(frame.f_locals[name])}' for name in names if name in frame.f_locals)
        kept = ', '.join(f'{name} = {shown(value)}' for name, value in now.items() if name not in names)
        return f'call {frame.f_code.co_name}({arguments})' + (f' that keeps {kept}' if kept else '')

    def leave(self, frame, argument):
        self.finish(frame, None)
        top = self.stack.pop()
        code = frame.f_code
        if code.co_flags & IS_GENERATOR and code.co_code[frame.f_lasti] == dis.opmap['YIELD_VALUE']:
            self.paused[frame] = top
            top['line'] = None
            self.row(frame.f_lineno, f'{code.co_name} yields {shown(argument)} and pauses', 1)
        elif self.stack and not (code.co_name == '__init__' and argument is None):
            self.row(frame.f_lineno, f'{code.co_name} returns {shown(argument)}', 1)

    @staticmethod
    def seen(now):
        return {name: (id(value), shown(value)) for name, value in now.items()}

    def changes(self, before, now):
        parts = []
        for name, value in now.items():
            identity, text = before.get(name, (None, None))
            if text == shown(value) and identity == id(value) or text == shown(value) and isinstance(value, SIMPLE):
                continue
            twin = next((n for n, other in now.items() if other is value and n in before and n != name), None)
            same = twin is not None and identity != id(value) and not isinstance(value, SIMPLE)
            parts.append(f'{name} = {shown(value)}' + (f' (the same object as {twin})' if same else ''))
        return parts + [f'{name} is gone' for name in before if name not in now]

    def finish(self, frame, following):
        top = self.stack[-1]
        if top['line'] is None:
            return
        now = values(frame)
        parts = self.changes(top['seen'], now)
        out = self.printed.getvalue()[self.told :]
        self.told += len(out)
        if out.strip():
            parts.append('prints ' + ' / '.join(out.rstrip('\n').split('\n')))
        if top['line'] in self.branches:
            body, is_loop = self.branches[top['line']]
            if following != body:
                parts.append('the loop is done' if is_loop else 'False')
            elif not is_loop:
                parts.append('True')
        top['seen'] = self.seen(now)
        if parts:
            self.row(top['line'], ', '.join(parts))

    def row(self, line, text, more=0):
        if len(self.rows) < LIMIT:
            self.rows.append([line, max(0, len(self.stack) - 1 + more), text])


def steps_of(source):
    tree = ast.parse(source)
    printed = io.StringIO()
    follower = Follower(tree, printed)
    code = compile(tree, FILE, 'exec')
    stdout, sys.stdout = sys.stdout, printed
    try:
        sys.settrace(follower.follow)
        try:
            exec(code, {'__name__': '__main__'})
        finally:
            sys.settrace(None)
    except Exception as error:
        follower.row(error.__traceback__.tb_next.tb_lineno, f'ends with {type(error).__name__}: {error}')
    finally:
        sys.stdout = stdout
    return '\n'.join(f"line {line}: {'  ' * depth}{text}" for line, depth, text in follower.rows)
