"""What an assertion of a unit test says, as a step of an exercise: trusted code, for `unittests.py`.

A step is a dict with the keys of the exercise format: `call` or `do`, and `expect`, `holds`, `raises` and so on.
"""

import ast


class Unsupported(Exception):
    """What the exercise format cannot say, with the node that says it."""

    def __init__(self, node, message):
        super().__init__(message)
        self.line = getattr(node, "lineno", 0)


def text(node):
    return ast.unparse(node)


def name_of(node):
    """The dotted name of an expression; empty when it is none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (owner := name_of(node.value)):
        return f"{owner}.{node.attr}"
    return ""


def argument(call, index, name):
    """An argument by its place or its name; None when it is not given."""
    if len(call.args) > index:
        return call.args[index]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def is_constant(node, *values):
    return isinstance(node, ast.Constant) and any(node.value is value for value in values)


def is_plain(value, depth=0):
    if depth > 50:
        return False
    if value is None or isinstance(value, (bool, int, float, complex, str, bytes)):
        return True
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(is_plain(item, depth + 1) for item in value)
    if isinstance(value, dict):
        return all(is_plain(item, depth + 1) for pair in value.items() for item in pair)
    return False


def same_types(one, other):
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return all(same_types(*pair) for pair in zip(one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same_types(value, other.get(key)) for key, value in one.items())
    return type(one) is type(other) or not isinstance(one, (bool, int, float, complex))


STANDARD = ("datetime.", "fractions.", "decimal.", "collections.", "pathlib.", "zoneinfo.", "uuid.")
OPERATORS = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
}
COMPARING = {
    "assertGreater": ">", "assertGreaterEqual": ">=", "assertLess": "<", "assertLessEqual": "<=",
    "assertIn": "in", "assertNotIn": "not in", "assertNotEqual": "!=", "assertNotEquals": "!=",
    "assertIs": "is", "assertIsNot": "is not",
}
EQUAL = {
    "assertEqual", "assertEquals", "assertListEqual", "assertTupleEqual", "assertDictEqual", "assertSetEqual",
    "assertMultiLineEqual",
}
BUILTIN = {"int", "str", "float", "bool", "list", "tuple", "dict", "set", "bytes", "complex", "frozenset"}


class Conditions:
    """Turns assertions into steps; `world` tells what is known of names and values."""

    def __init__(self, world):
        self.world = world

    def looked(self, node, **key):
        """A step that looks at a value; its value is known where the reference is."""
        return {"call": text(node), **key}

    def said(self, condition, value=True):
        """A step of which only the program's own word is known."""
        return {"call": condition, "expect": repr(value)}

    def equal(self, left, right, **more):
        if self.world.is_dynamic(right) and not self.world.is_dynamic(left):
            left, right = right, left
        if self.world.is_dynamic(right) and not self.world.is_own_data(right):
            return self.compared(left, "==", right)
        known, value = self.world.value(left)
        if known and not is_plain(value):
            kind = f"{type(value).__module__}."
            if not kind.startswith(STANDARD) or "tolerance" in more:
                return self.said(f"{text(left)} == {text(right)}")
            more["by"] = "repr(result)"
        elif not known and self.world.is_standard(right):
            more["by"] = "repr(result)"
        elif not known and self.world.is_object(left):
            return self.said(f"{text(left)} == {text(right)}")
        return self.looked(left, expect=self.expected(value if known else None, right), **more)

    def expected(self, value, node):
        """The expected value as the reference gives it, where it is equal but of another type."""
        known, wanted = self.world.value(node) if self.world.literal(node) is not None else (False, None)
        if known and value is not None and value == wanted and not same_types(value, wanted):
            return repr(value)
        return text(node)

    def compared(self, left, operator, right):
        """One side is looked at as data, and the other is in the condition, where that is possible."""
        if operator in ("is", "is not") and not any(isinstance(side, ast.Constant) for side in (left, right)):
            return self.said(f"{text(left)} {operator} {text(right)}")
        for subject, other, condition in ((left, right, "result {} {}"), (right, left, "{1} {0} result")):
            literal = self.world.literal(other)
            if literal is None or not self.world.is_dynamic(subject):
                continue
            if operator == "==":
                return self.equal(subject, other)
            known, value = self.world.value(subject)
            if is_plain(value) if known else not self.world.is_object(subject):
                return self.looked(subject, holds=condition.format(operator, literal))
            return self.said(f"{text(left)} {operator} {text(right)}")
        (known, one), (also, other) = self.world.value(left), self.world.value(right)
        plain = not (self.world.is_object(left) or self.world.is_object(right))
        if known and also:
            plain = is_plain(one) and is_plain(other)
        if plain and operator not in ("is", "is not"):
            return {"call": f"({text(left)}, {text(right)})", "holds": f"result[0] {operator} result[1]"}
        return self.said(f"{text(left)} {operator} {text(right)}")

    def truth(self, node, wanted=True):
        """What `assert node` says, or that it is not so."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.truth(node.operand, not wanted)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And if wanted else ast.Or):
            return [step for value in node.values for step in self.truth(value, wanted)]
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and wanted:
            return [self.comparison(node, node.left, OPERATORS[type(node.ops[0])], node.comparators[0])]
        if isinstance(node, ast.Call) and name_of(node.func) == "isinstance" and wanted and len(node.args) == 2:
            return [self.instance(*node.args)]
        self.world.value(node)
        return [self.said(f"bool({text(node)})", wanted)]

    def comparison(self, node, left, operator, right):
        for side, other in ((left, right), (right, left)):
            if isinstance(side, ast.Call) and name_of(side.func) in ("pytest.approx", "approx"):
                if operator != "==":
                    raise Unsupported(node, "approx can only be compared by ==")
                return self.approx(other, side)
        if operator == "==":
            return self.equal(left, right)
        if operator == "is" and is_constant(right, None):
            return self.looked_at(left, "None")
        return self.compared(left, operator, right)

    def looked_at(self, node, expected):
        self.world.value(node)
        return self.looked(node, expect=expected)

    def approx(self, subject, call):
        relative, absolute = argument(call, 1, "rel"), argument(call, 2, "abs")
        known = {}
        if relative is not None:
            known["relative"] = self.number(relative)
        if absolute is not None:
            known["absolute"] = self.number(absolute)
            known.setdefault("relative", 0)
        known.setdefault("relative", 1e-6)
        known.setdefault("absolute", 1e-12)
        return self.equal(subject, call.args[0], tolerance=known)

    def number(self, node):
        known, value = self.world.value(node)
        if not known or not isinstance(value, (int, float)):
            raise Unsupported(node, "the tolerance is no number that is known beforehand")
        return value

    def instance(self, subject, kinds):
        known, value = self.world.value(subject)
        builtin = all(name_of(kind) in BUILTIN for kind in getattr(kinds, "elts", [kinds]))
        if builtin and (is_plain(value) if known else True):
            return self.looked(subject, holds=f"isinstance(result, {text(kinds)})")
        return self.said(f"isinstance({text(subject)}, {text(kinds)})")

    def method(self, name, call):
        """The steps of `self.<name>(...)`; None when it is no assertion that can be said."""
        arguments = call.args
        if name in EQUAL and len(arguments) >= 2:
            return [self.equal(arguments[0], arguments[1])]
        if name == "assertSequenceEqual":
            return [self.equal(*(ast.Call(ast.Name("list", ast.Load()), [one], []) for one in arguments[:2]))]
        if name in COMPARING:
            if name == "assertIs" and is_constant(arguments[1], None):
                return [self.looked_at(arguments[0], "None")]
            return [self.compared(arguments[0], COMPARING[name], arguments[1])]
        if name in ("assertTrue", "assert_", "assertFalse"):
            return self.truth(arguments[0], name != "assertFalse")
        if name == "assertIsNone":
            return [self.looked_at(arguments[0], "None")]
        if name == "assertIsNotNone":
            self.world.value(arguments[0])
            return [self.said(f"{text(arguments[0])} is not None")]
        if name in ("assertIsInstance", "assertNotIsInstance"):
            if name == "assertIsInstance":
                return [self.instance(*arguments[:2])]
            return [self.said(f"isinstance({text(arguments[0])}, {text(arguments[1])})", False)]
        if name in ("assertAlmostEqual", "assertAlmostEquals", "assertNotAlmostEqual"):
            return [self.almost(call, name == "assertNotAlmostEqual")]
        if name in ("assertCountEqual", "assertItemsEqual"):
            return [self.same_items(*arguments[:2])]
        if name in ("assertRegex", "assertRegexpMatches", "assertNotRegex"):
            literal = self.world.literal(arguments[1])
            if literal is None:
                raise Unsupported(call, "the pattern is not known beforehand")
            self.world.value(arguments[0])
            negated = "not " if name == "assertNotRegex" else ""
            return [self.looked(arguments[0], holds=f"{negated}re.search({literal}, result)")]
        return None

    def almost(self, call, negated):
        left, right = call.args[:2]
        delta, places = argument(call, 4, "delta"), argument(call, 2, "places")
        digits = 7 if places is None else self.number(places)
        amount = 0.5 * 10**-digits if delta is None else self.number(delta)
        if not negated:
            return self.equal(left, right, tolerance={"absolute": amount})
        subject, other = (left, right) if self.world.is_dynamic(left) else (right, left)
        literal = self.world.literal(other)
        if literal is None:
            raise Unsupported(call, "neither number is known beforehand")
        self.world.value(subject)
        return self.looked(subject, holds=f"abs(result - {literal}) > {amount!r}")

    def same_items(self, left, right):
        if self.world.is_dynamic(right) and not self.world.is_dynamic(left):
            left, right = right, left
        literal = self.world.literal(right)
        if literal is None:
            raise Unsupported(right, "the items are not known beforehand")
        _, items = self.world.value(right)
        try:
            sorted(items)
            key = ""
        except Exception:
            key = ", key=repr"
        listed = ast.Call(ast.Name("list", ast.Load()), [left], [])
        self.world.value(listed)
        return self.looked(listed, holds=f"sorted(result{key}) == sorted({literal}{key})")
