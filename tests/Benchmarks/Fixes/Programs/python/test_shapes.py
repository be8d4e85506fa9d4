from shapes import *

assert Circle(1).describe() == "Circle of 3.14"
assert Rectangle(2, 3).scaled(2).area() == 24
assert largest([Circle(1), Rectangle(1, 2)]) == Circle(1)
assert largest([]) is None and Circle(2).color is Color.RED
