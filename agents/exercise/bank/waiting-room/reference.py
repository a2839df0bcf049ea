class WaitingRoom:
    def __init__(self):
        self.urgent = []
        self.others = []

    def arrive(self, name, urgent=False):
        if urgent:
            self.urgent.append(name)
        else:
            self.others.append(name)

    def call_next(self):
        for queue in (self.urgent, self.others):
            if queue:
                return queue.pop(0)
        return None

    def leave(self, name):
        for queue in (self.urgent, self.others):
            if name in queue:
                queue.remove(name)
                return True
        return False

    def waiting(self):
        return self.urgent + self.others
