class Thermostat:
    _target = 20

    @property
    def target(self):
        return Thermostat._target

    @target.setter
    def target(self, celsius):
        if celsius < 5 or celsius > 30:
            raise ValueError('not allowed')
        Thermostat._target = celsius

    @property
    def target_fahrenheit(self):
        return self.target * 9 / 5 + 32

    @target_fahrenheit.setter
    def target_fahrenheit(self, fahrenheit):
        self.target = (fahrenheit - 32) * 5 / 9

    def heats(self, room):
        return room <= self.target - 0.5
