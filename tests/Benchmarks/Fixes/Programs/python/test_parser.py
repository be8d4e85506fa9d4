from parser import *

loaded = load("# comment\nhost = example\nport=90\ndebug=yes\n\ntags =", '{"level": 2}')
assert loaded == {"host": "example", "port": 90, "debug": True, "tags": None, "level": 2}
assert path_of("logs", loaded).replace("\\", "/") == "logs/example-90.log"
assert load("")["debug"] is False
