def with_tool(shed, tool, job):
    shed.discard(tool)
    try:
        return job(tool)
    finally:
        shed.add(tool)
