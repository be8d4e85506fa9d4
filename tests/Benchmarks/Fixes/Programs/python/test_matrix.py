from matrix import *

assert transpose([[1, 2], [3, 4]]) == [[1, 3], [2, 4]]
assert multiply([[1, 2]], [[3], [4]]) == [[11]]
assert [fibonacci(n) for n in range(8)] == [0, 1, 1, 2, 3, 5, 8, 13]
try:
    multiply([[1]], [[1], [2]])
    assert False
except ValueError:
    pass
