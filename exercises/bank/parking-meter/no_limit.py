class ParkingMeter:
    def __init__(self):
        self.minutes = 0

    def insert(self, coins):
        self.minutes += 12 * coins

    def wait(self, minutes):
        self.minutes -= minutes
        if self.minutes < 0:
            self.minutes = 0

    def expired(self):
        return self.minutes == 0
