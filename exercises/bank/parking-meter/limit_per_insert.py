class ParkingMeter:
    def __init__(self):
        self.minutes = 0

    def insert(self, coins):
        bought = 12 * coins
        if bought > 120:
            bought = 120
        self.minutes += bought

    def wait(self, minutes):
        self.minutes = max(0, self.minutes - minutes)

    def expired(self):
        return self.minutes == 0
