class BankAccount:
    def __init__(self):
        self.is_open = False
        self.balance = 0

    def get_balance(self):
        self.check()
        return self.balance

    def check(self):
        if not self.is_open:
            raise ValueError("account not open")

    def open(self):
        if self.is_open:
            raise ValueError("account already open")
        self.is_open = True
        self.balance = 0

    def close(self):
        self.check()
        self.is_open = False

    def deposit(self, amount):
        self.check()
        if amount <= 0:
            raise ValueError("amount must be greater than 0")
        self.balance += amount

    def withdraw(self, amount):
        self.check()
        if amount <= 0:
            raise ValueError("amount must be greater than 0")
        if amount > self.balance:
            raise ValueError("amount must be less than balance")
        self.balance -= amount
