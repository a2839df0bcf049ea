class ParkingMeter:
    minutes = 0

    def insert(self, coins):
        ParkingMeter.minutes = min(ParkingMeter.minutes + 12 * coins, 120)

    def wait(self, minutes):
        ParkingMeter.minutes = max(ParkingMeter.minutes - minutes, 0)

    def expired(self):
        return ParkingMeter.minutes == 0
