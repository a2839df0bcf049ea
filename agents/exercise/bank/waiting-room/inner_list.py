class WaitingRoom:
    def __init__(self):
        self.patients = []
        self.urgent = 0

    def arrive(self, name, urgent=False):
        if urgent:
            self.patients.insert(self.urgent, name)
            self.urgent += 1
        else:
            self.patients.append(name)

    def call_next(self):
        if not self.patients:
            return None
        self.urgent = max(0, self.urgent - 1)
        return self.patients.pop(0)

    def leave(self, name):
        if name not in self.patients:
            return False
        if self.patients.index(name) < self.urgent:
            self.urgent -= 1
        self.patients.remove(name)
        return True

    def waiting(self):
        return self.patients
