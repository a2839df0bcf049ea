class ParkingMeter:
    LIMIT = 120

    def __init__(self):
        self.paid = 0
        self.used = 0

    @property
    def minutes(self):
        return self.paid - self.used

    def insert(self, coins):
        self.paid += coins * 12
        if self.minutes > self.LIMIT:
            self.paid = self.used + self.LIMIT

    def wait(self, minutes):
        self.used += minutes
        if self.used > self.paid:
            self.used = self.paid

    def expired(self):
        return not self.minutes
