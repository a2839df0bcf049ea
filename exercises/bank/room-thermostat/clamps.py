class Thermostat:
    def __init__(self):
        self._target = 20

    @property
    def target(self):
        return self._target

    @target.setter
    def target(self, celsius):
        self._target = min(max(celsius, 5), 30)

    @property
    def target_fahrenheit(self):
        return self._target * 9 / 5 + 32

    @target_fahrenheit.setter
    def target_fahrenheit(self, fahrenheit):
        self.target = (fahrenheit - 32) * 5 / 9

    def heats(self, room):
        return room <= self.target - 0.5
