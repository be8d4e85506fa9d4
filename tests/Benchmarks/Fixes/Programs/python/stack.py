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
