def with_tool(shed, tool, job):
    shed.remove(tool)
    try:
        return job(tool)
    finally:
        shed.add(tool)
