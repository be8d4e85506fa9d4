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
