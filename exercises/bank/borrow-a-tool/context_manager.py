from contextlib import contextmanager


@contextmanager
def borrowed(shed, tool):
    if tool not in shed:
        raise KeyError(tool)
    shed.discard(tool)
    try:
        yield tool
    finally:
        shed.update([tool])


def with_tool(shed, tool, job):
    with borrowed(shed, tool) as borrowed_tool:
        result = job(borrowed_tool)
    return result
