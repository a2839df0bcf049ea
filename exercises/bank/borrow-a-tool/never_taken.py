def with_tool(shed, tool, job):
    if tool not in shed:
        raise KeyError(tool)
    return job(tool)
