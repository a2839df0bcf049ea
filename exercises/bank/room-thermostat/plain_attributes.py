class Thermostat:
    def __init__(self):
        self._target = 20
        self.target_fahrenheit = 68

    @property
    def target(self):
        return self._target

    @target.setter
    def target(self, celsius):
        if celsius < 5 or celsius > 30:
            raise ValueError('not allowed')
        self._target = celsius

    def heats(self, room):
        return room <= self.target - 0.5
