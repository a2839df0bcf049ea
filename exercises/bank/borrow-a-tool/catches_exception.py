def with_tool(shed, tool, job):
    shed.remove(tool)
    try:
        return job(tool)
    except Exception as error:
        print('the job failed:', error)
    finally:
        shed.add(tool)
