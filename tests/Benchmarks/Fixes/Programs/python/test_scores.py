from scores import *

data = {"ann": [90, 100], "bob": [70, 80, 75], "cy": []}
assert summary(data)["bob"] == {"mean": 75.0, "grade": "B", "median": 75}
assert ranking(data) == ["ann", "bob"]
assert table(data) == ["1. Ann   |  95.0", "2. Bob   |  75.0"]
