import math
from collections import defaultdict


class Inventory:
    def __init__(self, limit=100):
        self.limit = limit
        self.items = defaultdict(int)

    def add(self, name, amount=1):
        if amount <= 0:
            raise ValueError(f"amount must be positive, not {amount}")
        if self.total() + amount > self.limit:
            return False
        self.items[name] += amount
        return True

    def remove(self, name, amount=1):
        if self.items.get(name, 0) < amount:
            return False
        self.items[name] -= amount
        if self.items[name] == 0:
            del self.items[name]
        return True

    def total(self):
        return sum(self.items.values())

    def boxes(self, size):
        return math.ceil(self.total() / size)

    def report(self):
        lines = []
        for name, amount in sorted(self.items.items()):
            lines.append(f"{name}: {amount}")
        return "\n".join(lines)
