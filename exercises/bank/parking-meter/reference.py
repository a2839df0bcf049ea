class ParkingMeter:
    def __init__(self):
        self.minutes = 0

    def insert(self, coins):
        self.minutes = min(self.minutes + 12 * coins, 120)

    def wait(self, minutes):
        self.minutes = max(self.minutes - minutes, 0)

    def expired(self):
        return self.minutes == 0
