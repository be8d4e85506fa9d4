from tasks import *

assert asyncio.run(fetch_all(["a", "b"])) == ["A", "B"]
queue = Queue()
queue.push("x", 2)
queue.push("y", 1)
assert asyncio.run(queue.run()) == 2 and queue.done == ["Y", "X"]
assert len(password(12, 4)) == 12 and password(8, 1) == password(8, 1)
