from graph import *

assert breadth_first({"a": ["b", "c"], "b": ["d"], "c": ["d"]}, "a") == ["a", "b", "c", "d"]
roads = {"a": {"b": 4, "c": 1}, "b": {}, "c": {"b": 2}}
assert shortest_path(roads, "a", "b") == 3
assert shortest_path({"a": {}, "z": {}}, "a", "z") is None
assert has_cycle({"a": ["b"], "b": ["a"]}) and not has_cycle({"a": ["b"], "b": []})
