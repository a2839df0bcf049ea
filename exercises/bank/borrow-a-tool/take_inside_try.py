def with_tool(shed, tool, job):
    try:
        shed.remove(tool)
        return job(tool)
    finally:
        shed.add(tool)
