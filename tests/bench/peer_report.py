"""How peers.py shows what it measured: the table on the terminal, Markdown, CSV and the chart."""
import collections
import csv
import math
import statistics

from bar_chart import Bar, Panel, draw
from peer_load import CONNECTIONS, Figures
from peer_noise import limited_by_wrk, mode

# `cpu` and `ratio` are of all rounds, the others are medians.
Row = collections.namedtuple("Row", "name cpu ratio rate p50 p99 rss limited")
WRK_LIMIT = "* wrk had no CPU left while the server had: requests/s are wrk's limit, not the server's."
CLOSED = "p50 and p99 are those of a loaded server: each connection asks again as soon as it is answered."


def ratios(rounds, depth, name, reference):
    """Of the CPU a request, each within its round."""
    return [r[depth, name].cpu / r[depth, reference].cpu for r in rounds
            if (depth, name) in r and (depth, reference) in r]


def median(values):
    known = [v for v in values if not math.isnan(v)]
    return statistics.median(known) if known else math.nan


def summarize(rounds, depth, reference):
    """Rows, the one with the least CPU first."""
    rows = []
    for name in dict.fromkeys(name for r in rounds for d, name in r if d == depth):
        those = [r[depth, name] for r in rounds if (depth, name) in r]
        rows.append(Row(name, [f.cpu for f in those], ratios(rounds, depth, name, reference),
                        median([f.rate for f in those]), median([f.p50 for f in those]),
                        median([f.p99 for f in those]), those[-1].rss, limited_by_wrk(those)))
    return sorted(rows, key=lambda row: statistics.median(row.cpu))


def number(value, digits=2):
    return "-" if math.isnan(value) else "%.*f" % (digits, value)


def with_range(values, digits=2):
    if not values:
        return "-"
    return "%.*f (%.*f .. %.*f)" % (digits, statistics.median(values), digits, min(values), digits, max(values))


def heads(reference):
    return ["CPU, us a request", "ratio to " + reference, "requests/s", "p50, ms", "p99, ms", "RSS, MiB"]


def cells(row):
    return [row.name, with_range(row.cpu), with_range(row.ratio), number(row.rate, 0) + "*" * row.limited,
            number(row.p50), number(row.p99), number(row.rss, 1)]


def table(by_depth, reference):
    """Aligned text of {depth: rows}; below each mode its servers."""
    lines = [["", *heads(reference)]]
    for depth, rows in by_depth.items():
        lines += [[mode(depth)] + [""] * 6] + [cells(row._replace(name="  " + row.name)) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    text = ["  ".join(c.ljust(w) if i < 3 else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths))).rstrip()
            for line in lines]
    return "\n".join(text)


def legend(by_depth):
    return [CLOSED] + [WRK_LIMIT] * any(row.limited for rows in by_depth.values() for row in rows)


def markdown(by_depth, reference, conditions, remarks):
    """`conditions` are pairs, `remarks` sentences that come first: what is not to be trusted, what is missing."""
    parts = ["# phial and its peers", "`GET /articles/123`, one thread and one CPU for each server, median (range) of "
             "the rounds. The less CPU a request takes, the better."]
    parts += ["**%s**" % remark for remark in remarks]
    for depth, rows in by_depth.items():
        title = mode(depth)
        lines = ["| server | " + " | ".join(heads(reference)) + " |", "|---|---|---|--:|--:|--:|--:|"]
        for row in rows:
            name, *others = cells(row)
            lines.append("| " + " | ".join([name.replace("|", "\\|"), *(c.replace("*", "\\*") for c in others)]) + " |")
        parts += ["## " + title[0].upper() + title[1:], "\n".join(lines)]
    parts += [line.replace("*", "\\*", 1) if line.startswith("*") else line for line in legend(by_depth)]
    parts += ["![CPU a request](peers.svg)", "## Conditions", "\n".join("* %s: %s" % pair for pair in conditions)]
    return "\n\n".join(parts) + "\n"


def write_csv(file, rounds, reference):
    """A row for each round, server and mode; busy, others and steal are in CPUs."""
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["round", "pipelined", "server", "cpu_us_per_request", "ratio", "requests_per_second", "p50_ms",
                  "p99_ms", "server_busy", "wrk_busy", "others", "steal", "seconds", "rss_mib"])
    for n, figures in enumerate(rounds):
        for (depth, name), f in figures.items():
            base = figures.get((depth, reference))
            values = [f.cpu, f.cpu / base.cpu if base else math.nan, *f[1:]]
            assert len(values) == len(Figures._fields) + 1
            out.writerow([n + 1, depth, name, *("" if math.isnan(v) else "%.4f" % v for v in values)])


def three_digits(value):
    return "%.*f" % (2 if value < 9.995 else 1 if value < 99.95 else 0, value)


def chart(by_depth, reference, summary, remarks, own):
    """`own` says of a name whether it is highlighted."""
    panels = []
    for depth, rows in by_depth.items():
        bars = []
        for row in rows:
            value = statistics.median(row.cpu)
            text = "%s µs" % three_digits(value)
            if row.ratio:
                text += "  (%s)" % three_digits(statistics.median(row.ratio))
            bars.append(Bar(row.name, value, min(row.cpu), max(row.cpu), text, own(row.name)))
        title = "One request at a time" if depth == 1 else "%d requests pipelined" % depth
        panels.append(Panel("%s, %d connections" % (title, CONNECTIONS), bars))
    below = [summary, "Median of the rounds, with their range; in brackets the ratio to %s. "
             "// marks a bar that is cut." % reference]
    return draw("CPU for each GET /articles/123 (less is better)", panels, "µs", below, remarks)
