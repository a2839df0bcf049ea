def convert(celsius):
    return celsius * 9 / 5 + 32


def parse(text):
    stripped = text.strip()
    try:
        if not stripped.endswith("C"):
            raise ValueError
        return float(stripped[:-1])
    except ValueError:
        raise ValueError(f"no temperature: {text!r}") from None


def average(values):
    if not values:
        return None
    return sum(values) / len(values)
