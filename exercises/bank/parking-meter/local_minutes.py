class ParkingMeter:
    def __init__(self):
        self.minutes = 0

    def insert(self, coins):
        minutes = self.minutes + 12 * coins
        if minutes > 120:
            minutes = 120

    def wait(self, minutes):
        self.minutes = self.minutes - minutes
        if self.minutes < 0:
            self.minutes = 0

    def expired(self):
        return self.minutes == 0
