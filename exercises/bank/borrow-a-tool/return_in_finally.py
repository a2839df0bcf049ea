def with_tool(shed, tool, job):
    shed.remove(tool)
    result = None
    try:
        result = job(tool)
    finally:
        shed.add(tool)
        return result
