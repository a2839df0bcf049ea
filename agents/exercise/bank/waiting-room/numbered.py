class WaitingRoom:
    """Each patient is (not urgent, ticket, name): sorting gives the order of the calls."""

    def __init__(self):
        self.tickets = 0
        self.patients = set()

    def arrive(self, name, urgent=False):
        self.tickets += 1
        self.patients.add((not urgent, self.tickets, name))

    def call_next(self):
        first = min(self.patients, default=None)
        if first is not None:
            self.patients.remove(first)
            return first[2]
        return None

    def leave(self, name):
        for patient in sorted(self.patients):
            if patient[2] == name:
                self.patients.remove(patient)
                return True
        return False

    def waiting(self):
        return [patient[2] for patient in sorted(self.patients)]
