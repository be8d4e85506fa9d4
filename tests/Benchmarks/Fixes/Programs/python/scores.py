import statistics


def average(values):
    if not values:
        return None
    return sum(values) / len(values)


def grade(score):
    if score >= 90:
        return "A"
    elif score >= 75:
        return "B"
    else:
        return "C"


def summary(scores):
    result = {}
    for name, values in scores.items():
        mean = average(values)
        if mean is None:
            continue
        result[name] = {"mean": mean, "grade": grade(mean), "median": statistics.median(values)}
    return result


def ranking(scores, reverse=True):
    entries = [(entry["mean"], name) for name, entry in summary(scores).items()]
    return [name for _, name in sorted(entries, reverse=reverse)]


def table(scores):
    rows = []
    for place, name in enumerate(ranking(scores), start=1):
        rows.append(f"{place}. {name.title():<6}|{average(scores[name]):6.1f}")
    return rows
