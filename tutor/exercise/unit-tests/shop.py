def discount():
    return 1


class Basket:
    def __init__(self):
        self.items = []

    def __len__(self):
        return len(self.items)

    def add(self, name, count, price):
        self.items.append((name, count, price))

    def names(self):
        return {name for name, _, _ in self.items}

    def total(self):
        return sum(count * price for _, count, price in self.items) * discount()

    def receipt(self):
        for name, count, price in self.items:
            print(f"{name}: {count * price:.2f}")


def main():
    name = input("What? ")
    count = int(input("How many? "))
    print(f"{count} x {name}")
