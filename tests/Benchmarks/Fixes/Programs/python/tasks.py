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
