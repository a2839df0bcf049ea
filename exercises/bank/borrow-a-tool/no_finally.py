def with_tool(shed, tool, job):
    shed.remove(tool)
    result = job(tool)
    shed.add(tool)
    return result
