namespace Platform.Benchmarks.Fixes;

/// <summary>Small right Python programs, each with the asserts that it passes.</summary>
internal static class PythonPrograms
{
    public static IEnumerable<ScriptProgram> All =>
    [
        new("inventory", "python", """
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
            """, """
            stock = Inventory(10)
            assert stock.add("pen", 3) and stock.add("cup")
            assert not stock.add("desk", 9)
            assert stock.report() == "cup: 1\npen: 3"
            assert stock.boxes(3) == 2
            assert stock.remove("pen", 3) and not stock.remove("pen")
            assert stock.total() == 1
            """),
        new("words", "python", """
            import re
            from collections import Counter


            def tokenize(text):
                return re.findall(r"[a-z']+", text.lower())


            def most_common(text, count=3):
                counter = Counter(tokenize(text))
                ordered = sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))
                return [word for word, _ in ordered[:count]]


            def is_palindrome(text):
                letters = [c for c in text.lower() if c.isalnum()]
                return letters == letters[::-1]


            def caesar(text, shift):
                result = ""
                for char in text:
                    if char.isalpha():
                        base = ord("A") if char.isupper() else ord("a")
                        result += chr((ord(char) - base + shift) % 26 + base)
                    else:
                        result += char
                return result


            def wrap(text, width):
                lines = []
                current = ""
                for word in text.split():
                    if current and len(current) + 1 + len(word) > width:
                        lines.append(current)
                        current = word
                    elif current:
                        current += " " + word
                    else:
                        current = word
                if current:
                    lines.append(current)
                return lines
            """, """
            assert most_common("The cat and the dog and the bird", 2) == ["the", "and"]
            assert is_palindrome("No lemon, no melon") and not is_palindrome("pear")
            assert caesar("Abc, xyz!", 3) == "Def, abc!"
            assert wrap("one two three four", 8) == ["one two", "three", "four"]
            """),
        new("bank", "python", """
            from datetime import date, timedelta


            class InsufficientFunds(Exception):
                pass


            class Account:
                interest = 0.02

                def __init__(self, owner, balance=0):
                    self.owner = owner
                    self._balance = balance
                    self.history = []

                @property
                def balance(self):
                    return self._balance

                def deposit(self, amount):
                    if amount <= 0:
                        raise ValueError("a deposit is positive")
                    self._balance += amount
                    self.history.append(("deposit", amount))

                def withdraw(self, amount):
                    if amount > self._balance:
                        raise InsufficientFunds(f"{self.owner} has only {self._balance}")
                    self._balance -= amount
                    self.history.append(("withdraw", amount))

                @classmethod
                def open(cls, owner):
                    return cls(owner, 10)

                @staticmethod
                def due(start, days):
                    return start + timedelta(days=days)


            class Savings(Account):
                def __init__(self, owner, rate):
                    super().__init__(owner)
                    self.rate = rate

                def add_interest(self):
                    self.deposit(round(self._balance * self.rate, 2))


            def first_of_month(year, month):
                return date(year, month, 1)
            """, """
            account = Account.open("Ada")
            account.deposit(40)
            account.withdraw(20)
            assert account.balance == 30 and account.history == [("deposit", 40), ("withdraw", 20)]
            try:
                account.withdraw(100)
                assert False
            except InsufficientFunds as error:
                assert str(error) == "Ada has only 30"
            savings = Savings("Bob", 0.5)
            savings.deposit(10)
            savings.add_interest()
            assert savings.balance == 15
            assert Account.due(first_of_month(2024, 2), 29) == date(2024, 3, 1)
            """),
        new("graph", "python", """
            import heapq
            from collections import deque


            def breadth_first(graph, start):
                seen = {start}
                order = []
                queue = deque([start])
                while queue:
                    node = queue.popleft()
                    order.append(node)
                    for neighbour in graph.get(node, []):
                        if neighbour not in seen:
                            seen.add(neighbour)
                            queue.append(neighbour)
                return order


            def shortest_path(graph, start, goal):
                heap = [(0, start)]
                best = {start: 0}
                while heap:
                    cost, node = heapq.heappop(heap)
                    if node == goal:
                        return cost
                    for neighbour, weight in graph[node].items():
                        candidate = cost + weight
                        if neighbour not in best or candidate < best[neighbour]:
                            best[neighbour] = candidate
                            heapq.heappush(heap, (candidate, neighbour))
                return None


            def has_cycle(graph):
                visiting, done = set(), set()

                def visit(node):
                    if node in done:
                        return False
                    if node in visiting:
                        return True
                    visiting.add(node)
                    found = any(visit(n) for n in graph.get(node, []))
                    visiting.discard(node)
                    done.add(node)
                    return found

                return any(visit(node) for node in graph)
            """, """
            assert breadth_first({"a": ["b", "c"], "b": ["d"], "c": ["d"]}, "a") == ["a", "b", "c", "d"]
            roads = {"a": {"b": 4, "c": 1}, "b": {}, "c": {"b": 2}}
            assert shortest_path(roads, "a", "b") == 3
            assert shortest_path({"a": {}, "z": {}}, "a", "z") is None
            assert has_cycle({"a": ["b"], "b": ["a"]}) and not has_cycle({"a": ["b"], "b": []})
            """),
        new("matrix", "python", """
            def identity(size):
                return [[1 if row == column else 0 for column in range(size)] for row in range(size)]


            def transpose(matrix):
                return [list(row) for row in zip(*matrix)]


            def multiply(left, right):
                if len(left[0]) != len(right):
                    raise ValueError("the sizes do not fit")
                result = []
                for row in left:
                    values = []
                    for column in transpose(right):
                        values.append(sum(a * b for a, b in zip(row, column)))
                    result.append(values)
                return result


            def power(matrix, exponent):
                result = identity(len(matrix))
                while exponent > 0:
                    if exponent % 2 == 1:
                        result = multiply(result, matrix)
                    matrix = multiply(matrix, matrix)
                    exponent //= 2
                return result


            def fibonacci(n):
                return power([[1, 1], [1, 0]], n)[0][1]
            """, """
            assert transpose([[1, 2], [3, 4]]) == [[1, 3], [2, 4]]
            assert multiply([[1, 2]], [[3], [4]]) == [[11]]
            assert [fibonacci(n) for n in range(8)] == [0, 1, 1, 2, 3, 5, 8, 13]
            try:
                multiply([[1]], [[1], [2]])
                assert False
            except ValueError:
                pass
            """),
        new("parser", "python", """
            import json
            import os


            DEFAULTS = {"host": "localhost", "port": 8080, "debug": False, "tags": None}


            def parse_line(line):
                line = line.strip()
                if not line or line.startswith("#"):
                    return None
                key, _, value = line.partition("=")
                return key.strip(), convert(value.strip())


            def convert(value):
                if value in ("true", "yes"):
                    return True
                elif value in ("false", "no"):
                    return False
                elif value == "":
                    return None
                try:
                    return int(value)
                except ValueError:
                    return value


            def load(text, extra=None):
                settings = dict(DEFAULTS)
                for line in text.splitlines():
                    pair = parse_line(line)
                    if pair is not None:
                        key, value = pair
                        settings[key] = value
                if extra:
                    settings.update(json.loads(extra))
                return settings


            def path_of(folder, settings):
                return os.path.join(folder, f"{settings['host']}-{settings['port']}.log")
            """, """
            loaded = load("# comment\nhost = example\nport=90\ndebug=yes\n\ntags =", '{"level": 2}')
            assert loaded == {"host": "example", "port": 90, "debug": True, "tags": None, "level": 2}
            assert path_of("logs", loaded).replace("\\", "/") == "logs/example-90.log"
            assert load("")["debug"] is False
            """),
        new("shapes", "python", """
            from abc import ABC, abstractmethod
            from dataclasses import dataclass, field
            from enum import Enum
            import math


            class Color(Enum):
                RED = 1
                GREEN = 2


            class Shape(ABC):
                @abstractmethod
                def area(self):
                    ...

                def describe(self):
                    return f"{type(self).__name__} of {self.area():.2f}"


            @dataclass
            class Circle(Shape):
                radius: float
                color: Color = Color.RED

                def area(self):
                    return math.pi * self.radius ** 2


            @dataclass
            class Rectangle(Shape):
                width: float
                height: float
                labels: list = field(default_factory=list)

                def area(self):
                    return self.width * self.height

                def scaled(self, factor):
                    return Rectangle(self.width * factor, self.height * factor, self.labels)


            def largest(shapes):
                if len(shapes) == 0:
                    return None
                return max(shapes, key=lambda shape: shape.area())
            """, """
            assert Circle(1).describe() == "Circle of 3.14"
            assert Rectangle(2, 3).scaled(2).area() == 24
            assert largest([Circle(1), Rectangle(1, 2)]) == Circle(1)
            assert largest([]) is None and Circle(2).color is Color.RED
            """),
        new("primes", "python", """
            from functools import lru_cache
            from itertools import count, takewhile


            def is_prime(number):
                if number < 2:
                    return False
                divisor = 2
                while divisor * divisor <= number:
                    if number % divisor == 0:
                        return False
                    divisor += 1
                return True


            def primes():
                for number in count(2):
                    if is_prime(number):
                        yield number


            def primes_below(limit):
                return list(takewhile(lambda p: p < limit, primes()))


            def factors(number):
                found = []
                for prime in primes_below(number + 1):
                    while number % prime == 0:
                        found.append(prime)
                        number //= prime
                return found


            @lru_cache(maxsize=None)
            def collatz(number):
                if number == 1:
                    return 0
                if number % 2 == 0:
                    return 1 + collatz(number // 2)
                return 1 + collatz(3 * number + 1)
            """, """
            assert primes_below(20) == [2, 3, 5, 7, 11, 13, 17, 19]
            assert factors(360) == [2, 2, 2, 3, 3, 5]
            assert collatz(27) == 111 and not is_prime(1)
            """),
        new("tasks", "python", """
            import asyncio
            import random
            import string


            async def fetch(name, delay=0):
                await asyncio.sleep(delay)
                return name.upper()


            async def fetch_all(names):
                results = await asyncio.gather(*(fetch(name) for name in names))
                return list(results)


            class Queue:
                def __init__(self):
                    self.waiting = []
                    self.done = []

                def push(self, task, priority=0):
                    self.waiting.append((priority, task))
                    self.waiting.sort(reverse=True)

                async def run(self):
                    while self.waiting:
                        priority, task = self.waiting.pop()
                        self.done.append(await fetch(task))
                    return len(self.done)


            def password(length, seed=None):
                generator = random.Random(seed)
                letters = string.ascii_letters + string.digits
                return "".join(generator.choice(letters) for _ in range(length))
            """, """
            assert asyncio.run(fetch_all(["a", "b"])) == ["A", "B"]
            queue = Queue()
            queue.push("x", 2)
            queue.push("y", 1)
            assert asyncio.run(queue.run()) == 2 and queue.done == ["Y", "X"]
            assert len(password(12, 4)) == 12 and password(8, 1) == password(8, 1)
            """),
        new("roman", "python", """
            VALUES = [
                (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"),
                (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
                (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
            ]


            def to_roman(number):
                if not 0 < number < 4000:
                    raise ValueError("out of range: " + str(number))
                text = ""
                for value, letters in VALUES:
                    while number >= value:
                        text += letters
                        number -= value
                return text


            def from_roman(text):
                total = 0
                previous = 0
                table = {letters: value for value, letters in VALUES if len(letters) == 1}
                for letter in reversed(text):
                    value = table[letter]
                    if value < previous:
                        total -= value
                    else:
                        total += value
                    previous = value
                return total


            def describe(number):
                return "{} is {}".format(number, to_roman(number))
            """, """
            assert to_roman(1994) == "MCMXCIV" and from_roman("MCMXCIV") == 1994
            assert all(from_roman(to_roman(n)) == n for n in range(1, 400))
            assert describe(4) == "4 is IV"
            """),
        new("scores", "python", """
            import statistics


            def average(values):
                if not values:
                    return None
                return sum(values) / len(values)


            def grade(score):
                if score >= 90:
                    return "A"
                elif score >= 75:
                    return "B"
                else:
                    return "C"


            def summary(scores):
                result = {}
                for name, values in scores.items():
                    mean = average(values)
                    if mean is None:
                        continue
                    result[name] = {"mean": mean, "grade": grade(mean), "median": statistics.median(values)}
                return result


            def ranking(scores, reverse=True):
                entries = [(entry["mean"], name) for name, entry in summary(scores).items()]
                return [name for _, name in sorted(entries, reverse=reverse)]


            def table(scores):
                rows = []
                for place, name in enumerate(ranking(scores), start=1):
                    rows.append(f"{place}. {name.title():<6}|{average(scores[name]):6.1f}")
                return rows
            """, """
            data = {"ann": [90, 100], "bob": [70, 80, 75], "cy": []}
            assert summary(data)["bob"] == {"mean": 75.0, "grade": "B", "median": 75}
            assert ranking(data) == ["ann", "bob"]
            assert table(data) == ["1. Ann   |  95.0", "2. Bob   |  75.0"]
            """),
        new("stack", "python", """
            class Node:
                def __init__(self, value, next_node=None):
                    self.value = value
                    self.next_node = next_node


            class Stack:
                def __init__(self, values=()):
                    self.head = None
                    self.size = 0
                    for value in values:
                        self.push(value)

                def push(self, value):
                    self.head = Node(value, self.head)
                    self.size += 1

                def pop(self):
                    if self.head is None:
                        raise IndexError("the stack is empty")
                    value = self.head.value
                    self.head = self.head.next_node
                    self.size -= 1
                    return value

                def __iter__(self):
                    node = self.head
                    while node is not None:
                        yield node.value
                        node = node.next_node

                def __len__(self):
                    return self.size


            OPERATORS = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b}


            def evaluate(expression):
                stack = Stack()
                for token in expression.split():
                    if token in OPERATORS:
                        right, left = stack.pop(), stack.pop()
                        stack.push(OPERATORS[token](left, right))
                    else:
                        stack.push(int(token))
                return stack.pop()
            """, """
            assert list(Stack([1, 2, 3])) == [3, 2, 1] and len(Stack("ab")) == 2
            assert evaluate("3 4 + 2 *") == 14
            try:
                evaluate("+")
                assert False
            except IndexError as error:
                assert "empty" in str(error)
            """),
    ];
}
