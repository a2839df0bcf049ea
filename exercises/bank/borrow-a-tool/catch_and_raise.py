def with_tool(shed, tool, job):
    if not shed & {tool}:
        raise KeyError(tool)
    shed -= {tool}
    try:
        result = job(tool)
    except BaseException:
        shed |= {tool}
        raise
    shed |= {tool}
    return result
