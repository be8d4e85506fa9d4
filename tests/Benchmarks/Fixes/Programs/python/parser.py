import json
import os


DEFAULTS = {"host": "localhost", "port": 8080, "debug": False, "tags": None}


def parse_line(line):
    line = line.strip()
    if not line or line.startswith("#"):
        return None
    key, _, value = line.partition("=")
    return key.strip(), convert(value.strip())


def convert(value):
    if value in ("true", "yes"):
        return True
    elif value in ("false", "no"):
        return False
    elif value == "":
        return None
    try:
        return int(value)
    except ValueError:
        return value


def load(text, extra=None):
    settings = dict(DEFAULTS)
    for line in text.splitlines():
        pair = parse_line(line)
        if pair is not None:
            key, value = pair
            settings[key] = value
    if extra:
        settings.update(json.loads(extra))
    return settings


def path_of(folder, settings):
    return os.path.join(folder, f"{settings['host']}-{settings['port']}.log")
