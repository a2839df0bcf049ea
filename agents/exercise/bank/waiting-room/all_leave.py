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
        if self.normal:
            return self.normal.pop(0)
        return None

    def leave(self, name):
        before = len(self.waiting())
        self.urgent = [patient for patient in self.urgent if patient != name]
        self.normal = [patient for patient in self.normal if patient != name]
        return len(self.waiting()) < before

    def waiting(self):
        return self.urgent + self.normal
