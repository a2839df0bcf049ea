class Thermostat:
    def __init__(self):
        self._celsius = 20

    @property
    def target(self):
        return self._celsius

    @target.setter
    def target(self, celsius):
        if not 5 <= celsius <= 30:
            raise ValueError(f'{celsius} degrees are not allowed')
        self._celsius = celsius

    @property
    def target_fahrenheit(self):
        return self.target * 9 / 5 + 32

    @target_fahrenheit.setter
    def target_fahrenheit(self, fahrenheit):
        self.target = (fahrenheit - 32) * 5 / 9

    def heats(self, room):
        return self.target - room >= 0.5
