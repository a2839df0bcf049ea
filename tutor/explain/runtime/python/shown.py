"""Values as short texts, made without running any code of the program: part of `probe.py`."""

MAX_TEXT, MAX_ITEMS, MAX_DEPTH, MAX_DIGITS = 60, 6, 3, 40
MAX_NAMES = 120
NAME_OF = type.__dict__["__name__"].__get__
BASES_OF = type.__dict__["__mro__"].__get__
GET = object.__getattribute__


def type_name(value):
    return NAME_OF(type(value))


def own_attributes(value):
    """The instance's attributes; empty when it has none."""
    try:
        found = GET(value, "__dict__")
    except Exception:
        return {}
    return found if type(found) is dict else {}


def shown_text(value):
    return repr(value) if len(value) <= MAX_TEXT else repr(value[:MAX_TEXT]) + "..."


def shown_number(value):
    if type(value) is int and value.bit_length() > MAX_DIGITS * 3:
        return f"a whole number of about {int(value.bit_length() * 0.30103) + 1} digits"
    return repr(value)


def shown_items(value, depth):
    parts = []
    for item in value:
        if len(parts) == MAX_ITEMS:
            parts.append("...")
            break
        if type(value) is dict:
            parts.append(f"{shown(item, depth + 1)}: {shown(value[item], depth + 1) if is_plain_key(item) else '...'}")
        else:
            parts.append(shown(item, depth + 1))
    return parts


def is_plain_key(key):
    return type(key) in (str, int, float, bool, bytes, type(None))


def shown_container(value, depth):
    kind = type(value)
    if depth >= MAX_DEPTH:
        return {list: "[...]", dict: "{...}", tuple: "(...)"}.get(kind, "{...}")
    parts = shown_items(value, depth)
    if kind is tuple:
        return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"
    if kind in (set, frozenset):
        return f"{{{', '.join(parts)}}}" if parts else f"{type_name(value)}()"
    return f"[{', '.join(parts)}]" if kind is list else f"{{{', '.join(parts)}}}"


def shown(value, depth=0):
    """Like repr, but bounded, and for the program's own classes their attributes."""
    kind = type(value)
    if kind in (str, bytes):
        return shown_text(value)
    if value is None or kind in (int, float, bool, complex):
        return shown_number(value)
    if kind in (list, tuple, set, frozenset, dict):
        return shown_container(value, depth)
    if kind is range:
        return repr(value)
    if kind is type:
        return f"<class {NAME_OF(value)}>"
    name = own_attributes(value).get("__name__") if kind is type(shown) or kind is type(MODULE) else None
    if kind is type(shown):
        name = value.__name__
    if type(name) is str:
        return f"<{kind.__name__} {name}>"
    if kind is type(len) or kind is type([].append):
        return f"<built-in {value.__name__}>"
    inner = own_attributes(value)
    if not inner or depth >= MAX_DEPTH:
        return f"<{type_name(value)}>"
    texts = [f"{key}={shown(inner[key], depth + 1)}" for key in list(inner)[:MAX_ITEMS] if type(key) is str]
    return f"<{type_name(value)} {', '.join(texts)}>"


def described(value):
    """{type, text, length?, callable}: what is told of a value."""
    fact = {"type": type_name(value), "text": shown(value)[:300], "callable": is_callable(value)}
    if type(value) in (str, bytes, list, tuple, set, frozenset, dict, range):
        fact["length"] = len(value)
    if type(value) in (list, tuple) and 0 < len(value) <= 50:
        fact["items"] = sorted({type_name(item) for item in value})
    if type(value) is str:
        fact["str"] = value[:200]
    if type(value) is dict and len(value) <= 60:
        fact["keys"] = [key if type(key) is str else {"other": shown(key), "type": type_name(key)}
                        for key in value if type(key) is not str or len(key) < 80]
    return fact


def is_callable(value):
    return any("__call__" in vars(base) for base in BASES_OF(type(value)))


def attributes_of(value):
    """The names after a dot, without running `__dir__` or `__getattr__` of the program."""
    names = set(key for key in own_attributes(value) if type(key) is str)
    for base in BASES_OF(value) if isinstance(value, type) else ():
        names.update(vars(base))
    for base in BASES_OF(type(value)):
        names.update(vars(base))
    plain = sorted(name for name in names if type(name) is str and not name.startswith("__"))
    return plain[: MAX_NAMES * 4]


MODULE = __import__("types")
