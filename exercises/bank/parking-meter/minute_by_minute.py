class ParkingMeter:
    def __init__(self):
        self.minutes = 0

    def insert(self, coins):
        for _ in range(coins * 12):
            if self.minutes < 120:
                self.minutes += 1

    def wait(self, minutes):
        while minutes and not self.expired():
            self.minutes -= 1
            minutes -= 1

    def expired(self):
        if self.minutes > 0:
            return False
        return True
