class Thermostat:
    def __init__(self):
        self.target_fahrenheit = 68

    def get_celsius(self):
        return (self.fahrenheit - 32) / 1.8

    def set_celsius(self, celsius):
        self.target_fahrenheit = celsius * 1.8 + 32

    def get_fahrenheit(self):
        return self.fahrenheit

    def set_fahrenheit(self, fahrenheit):
        if fahrenheit < 41 or fahrenheit > 86:
            raise ValueError('not allowed')
        self.fahrenheit = fahrenheit

    target = property(get_celsius, set_celsius)
    target_fahrenheit = property(get_fahrenheit, set_fahrenheit)

    def heats(self, room):
        return room <= self.target - 0.5
