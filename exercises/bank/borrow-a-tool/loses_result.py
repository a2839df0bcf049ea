def with_tool(shed, tool, job):
    shed.remove(tool)
    try:
        job(tool)
    finally:
        shed.add(tool)
