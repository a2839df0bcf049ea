class Thermostat:
    """Catches assignments where they happen instead of in properties."""

    def __init__(self):
        self.target = 20

    def __setattr__(self, name, value):
        celsius = value if name == 'target' else (value - 32) * 5 / 9
        if celsius < 5:
            raise ValueError('too cold')
        if celsius > 30:
            raise ValueError('too warm')
        self.__dict__['target'] = celsius

    def __getattr__(self, name):
        if name == 'target_fahrenheit':
            return self.target * 9 / 5 + 32
        raise AttributeError(name)

    def heats(self, room):
        if room + 0.5 > self.target:
            return False
        return True
