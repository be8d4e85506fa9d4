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
