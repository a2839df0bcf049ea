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
        return self._take(0)

    def leave(self, name):
        if name not in self.patients:
            return False
        self._take(self.patients.index(name))
        return True

    def waiting(self):
        return list(self.patients)

    def _take(self, place):
        if place < self.urgent:
            self.urgent -= 1
        return self.patients.pop(place)
