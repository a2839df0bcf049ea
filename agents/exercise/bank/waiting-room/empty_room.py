class WaitingRoom:
    def __init__(self):
        self.urgent = []
        self.normal = []

    def arrive(self, name, urgent=False):
        if urgent:
            self.urgent.append(name)
        else:
            self.normal.append(name)

    def call_next(self):
        if self.urgent:
            return self.urgent.pop(0)
        return self.normal.pop(0)

    def leave(self, name):
        for queue in (self.urgent, self.normal):
            if name in queue:
                queue.remove(name)
                return True
        return False

    def waiting(self):
        return self.urgent + self.normal
