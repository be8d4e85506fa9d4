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
