"""Answers questions about Python files, one a line, until its input ends. The first line holds the scripts that know the answers; nothing that is asked about is ever run.
A line {"about": name, "question": ...} gets a line back: "+" or, from a worker that has had enough, "-", and the answer as JSON; or "!" and what went wrong."""
import json
import sys

MOST_QUESTIONS = 1000
MOST_BYTES = 1 << 30
TIRED_KILOBYTES = 300 << 10

try:
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except ImportError:
    resource = None


def is_tired():
    """Whether it holds more than a fresh one would. The highest mark of the system is no measure on Linux: it begins with what the starting process held."""
    try:
        with open("/proc/self/statm") as memory:
            return int(memory.read().split()[1]) * resource.getpagesize() > TIRED_KILOBYTES << 10
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > TIRED_KILOBYTES
    except AttributeError:
        return False


def load(name, text):
    space = {"__name__": name}
    exec(compile(text, f"<{name}>", "exec"), space)
    return space["answer"]


def main():
    sys.stdin.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    texts, known = json.loads(sys.stdin.readline()), {}
    for count, line in enumerate(sys.stdin, 1):
        asked = json.loads(line)
        about = asked["about"]
        try:
            if about not in known:
                known[about] = load(about, texts[about])
            answer = json.dumps(known[about](asked["question"]))
            mark = "-" if count >= MOST_QUESTIONS or is_tired() else "+"
        except (Exception, RecursionError, MemoryError) as e:
            mark, answer = "!", json.dumps(f"{type(e).__name__}: {e}")
        sys.stdout.write(mark + answer + "\n")
        sys.stdout.flush()
        if mark != "+":
            return


main()
