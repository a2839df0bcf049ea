def with_tool(shed, tool, job):
    shed.remove(tool)
    try:
        return job(tool)
    except Exception as error:
        raise RuntimeError('the job failed') from error
    finally:
        shed.add(tool)
