from stack import *

assert list(Stack([1, 2, 3])) == [3, 2, 1] and len(Stack("ab")) == 2
assert evaluate("3 4 + 2 *") == 14
try:
    evaluate("+")
    assert False
except IndexError as error:
    assert "empty" in str(error)
