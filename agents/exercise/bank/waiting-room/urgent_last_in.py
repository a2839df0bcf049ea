class WaitingRoom:
    def __init__(self):
        self.patients = []

    def arrive(self, name, urgent=False):
        if urgent:
            self.patients.insert(0, name)
        else:
            self.patients.append(name)

    def call_next(self):
        if not self.patients:
            return None
        return self.patients.pop(0)

    def leave(self, name):
        if name in self.patients:
            self.patients.remove(name)
            return True
        return False

    def waiting(self):
        return self.patients[:]
