"""A chart of horizontal bars as SVG, for light and dark pages; panels are one below the other."""
import collections
import math
import statistics
from xml.sax.saxutils import escape

# `text` follows the bar; `low` and `high` are the ends of its whisker.
Bar = collections.namedtuple("Bar", "name value low high text highlighted")
Panel = collections.namedtuple("Panel", "title bars")

WIDTH = 780
LEFT = 160  # where bars begin
RIGHT = 590  # where the scale ends; texts follow it
ROW, THICK = 27, 15
NAME = 19  # characters at most, before the bars
CUT_BEYOND = 4  # times the median: a longer bar is cut, or the short ones could not be compared ...
NOT_WITHIN = 1.5  # ... unless it is at most this many times as long as the next one
# Plain rules, no variables: some programs that draw SVG do not know these.
STYLE = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328; }
  .title { font-size: 17px; font-weight: 600; }
  .panel { font-weight: 600; }
  .own { font-weight: 600; }
  .value { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; }
  .faint { fill: #59636e; font-size: 12px; }
  .warning { fill: #9a3412; font-size: 12px; font-weight: 600; }
  .page { fill: #ffffff; }
  .grid { stroke: #d1d9e0; }
  .bar { fill: #a3adb8; }
  .bar.own { fill: #2f81f7; }
  .whisker { stroke: #1f2328; stroke-width: 1.5; }
  .cut { stroke: #ffffff; stroke-width: 3; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .value { stroke: #0d1117; }
    .faint { fill: #9198a1; }
    .warning { fill: #f0a35e; }
    .page { fill: #0d1117; }
    .grid { stroke: #30363d; }
    .bar { fill: #59626d; }
    .bar.own { fill: #388bfd; }
    .whisker { stroke: #e6edf3; }
    .cut { stroke: #0d1117; }
  }
"""


def step_of(most, steps=5):
    """1, 2 or 5 times a power of ten, so that about that many steps reach `most`."""
    power = 10 ** math.floor(math.log10(most / steps))
    return next(n * power for n in (1, 2, 5, 10) if n * power * steps >= most * .9999)


def scale_of(bars):
    """(the end of the scale, its step)"""
    limit = CUT_BEYOND * statistics.median(bar.value for bar in bars)
    longest = 0
    for value in sorted(bar.value for bar in bars):
        if value <= max(limit, NOT_WITHIN * longest):
            longest = value
    most = max(min(bar.high, 1.3 * longest) for bar in bars if bar.value <= longest)
    step = step_of(most)
    return math.ceil(most / step - 1e-9) * step, step


def width_of(text, size=12):
    """About; fonts differ."""
    return .58 * size * len(text)


def lines_of(text, size=12, width=WIDTH - 40):
    """The text in lines that fit."""
    lines = [""]
    for word in text.split():
        longer = (lines[-1] + " " + word).strip()
        if lines[-1] and width_of(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


class Drawing:
    def __init__(self):
        self.parts = []
        self.y = 20  # where the next line begins

    def text(self, x, y, text, style="", anchor="start"):
        self.parts.append('<text x="%.1f" y="%.1f" class="%s" text-anchor="%s">%s</text>' % (
            x, y, style, anchor, escape(text)))

    def line(self, x1, y1, x2, y2, style):
        self.parts.append('<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" class="%s"/>' % (x1, y1, x2, y2, style))

    def paragraph(self, text, style):
        for line in lines_of(text):
            self.y += 17
            self.text(20, self.y, line, style)

    def bar(self, bar, end):
        """A row; `end` is where the scale ends."""
        middle = self.y + ROW / 2
        own = " own" if bar.highlighted else ""
        at = [LEFT + (RIGHT - LEFT) * min(1, value / end) for value in (bar.value, bar.low, bar.high)]
        name = bar.name if len(bar.name) <= NAME else bar.name[:NAME - 1] + "…"
        self.text(LEFT - 10, middle + 4.5, name, own.strip(), "end")
        self.parts.append('<rect x="%d" y="%.1f" width="%.1f" height="%d" rx="2" class="bar%s"/>' % (
            LEFT, middle - THICK / 2, max(1, at[0] - LEFT), THICK, own))
        if bar.value > end:
            for x in (RIGHT - 34, RIGHT - 27):
                self.line(x - 4, middle + THICK / 2 + 2, x + 4, middle - THICK / 2 - 2, "cut")
        else:
            self.line(at[1], middle, at[2], middle, "whisker")
            for x, value in zip(at[1:], (bar.low, bar.high)):
                if value <= end:
                    self.line(x, middle - 4, x, middle + 4, "whisker")
        self.text(max(at[0], at[2] if bar.value <= end else 0) + 8, middle + 4.5, bar.text, "value" + own)
        self.y += ROW

    def panel(self, panel, unit):
        self.y += 32
        self.text(20, self.y, panel.title, "panel")
        self.y += 10
        end, step = scale_of(panel.bars)
        bottom = self.y + ROW * len(panel.bars)
        for n in range(round(end / step) + 1):
            x = LEFT + (RIGHT - LEFT) * n * step / end
            self.line(x, self.y, x, bottom + 4, "grid")
            self.text(x, bottom + 18, "%g%s" % (n * step, " " + unit if n * step >= end - step / 2 else ""), "faint",
                      "middle")
        for bar in panel.bars:
            self.bar(bar, end)
        self.y += 22


def draw(title, panels, unit, below=(), warnings=()):
    """The SVG; `below` are lines under the title, `warnings` too."""
    d = Drawing()
    d.y += 10
    d.text(20, d.y, title, "title")
    d.y += 4
    for text in below:
        d.paragraph(text, "faint")
    for text in warnings:
        d.paragraph(text, "warning")
    for panel in panels:
        if panel.bars:
            d.panel(panel, unit)
    height = d.y + 16
    return ('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">\n'
            "<title>%s</title>\n<style>%s</style>\n"
            '<rect width="%d" height="%d" rx="6" class="page"/>\n%s\n</svg>\n') % (
                WIDTH, height, WIDTH, height, escape(title), STYLE, WIDTH, height, "\n".join(d.parts))
