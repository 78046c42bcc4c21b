"""Tests what peers.py computes: ratios, verdicts, what wrk printed, the table, Markdown, CSV and the chart."""
import io
import math
import unittest
import xml.etree.ElementTree

import bar_chart
import peer_load
import peer_noise
import peer_report
from bar_chart import Bar, Panel
from peer_load import Figures
from peer_process import Failure

WRK = """Running 1s test @ http://127.0.0.1:28999/articles/123
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     0.85ms  273.46us   3.83ms   79.69%
    Req/Sec    47.82k     6.47k   55.53k    60.00%
  Latency Distribution
     50%  810.00us
     75%    0.99ms
     90%    1.14ms
     99%    1.73ms
  47496 requests in 1.00s, 6.16MB read
Requests/sec:  47293.68
Transfer/sec:      6.13MB
"""


def figures(cpu, **other):
    quiet = dict(rate=5e4, p50=1, p99=2, server_busy=.99, wrk_busy=.8, others=0, steal=0, seconds=2, rss=10)
    return Figures(cpu, **{**quiet, **other})


# A noisy second round, which disturbs both alike.
ROUNDS = [{(1, "loop"): figures(5), (1, "phial"): figures(6)},
          {(1, "loop"): figures(10), (1, "phial"): figures(11)},
          {(1, "loop"): figures(5), (1, "phial"): figures(7), (16, "phial"): figures(2, p50=math.nan)}]


class Load(unittest.TestCase):
    def test_what_wrk_printed(self):
        self.assertEqual(peer_load.parse(WRK), (47496, 47293.68, .81, 1.73))

    def test_a_latency_that_wrk_does_not_know(self):
        self.assertTrue(math.isnan(peer_load.parse(WRK.replace("1.73ms", "0.00us"))[3]))

    def test_wrong_answers_and_none(self):
        for output in (WRK + "  Non-2xx or 3xx responses: 7\n", WRK.replace("47496", "0"), "unable to connect\n",
                       WRK + "  Socket errors: connect 0, read 3, write 0, timeout 0\n", ""):
            with self.subTest(output[-60:]), self.assertRaises(Failure):
                peer_load.parse(output)


class Noise(unittest.TestCase):
    def test_times_of_the_machine(self):
        line = "cpu  400 100 500 9000 50 30 70 20 0 0"
        self.assertEqual(peer_noise.parse_times(line, ticks=100), peer_noise.Times(10, 1, .2))

    def test_a_quiet_machine(self):
        rounds = [{(1, "loop"): figures(5, others=.04), (1, "phial"): figures(5.2, others=.05)}] * 3
        self.assertEqual(peer_noise.verdict(rounds), [])

    def test_others_count_in_the_round_as_a_whole(self):
        rounds = [{(1, "a"): figures(5, others=0), (1, "b"): figures(5, others=.76)},
                  {(1, "a"): figures(5), (1, "b"): figures(5)}]
        said, = peer_noise.verdict(rounds)
        self.assertIn("Not to be trusted: other processes used 38 % of a CPU in the worst round, 19 %", said)

    def test_steal(self):
        said, = peer_noise.verdict([{(1, "a"): figures(5, steal=.2)}])
        self.assertIn("the host of this virtual machine took 20 % of a CPU", said)

    def test_spread(self):
        said, = peer_noise.verdict([{(16, "a"): figures(5), (16, "b"): figures(5)},
                                    {(16, "a"): figures(6), (16, "b"): figures(5.1)}])
        self.assertIn("for 16 pipelined: a (18 %).", said)

    def test_one_cpu(self):
        self.assertIn("one CPU", *peer_noise.verdict([{(1, "a"): figures(5)}], cpus=1))

    def test_nothing_was_measured(self):
        self.assertEqual(peer_noise.verdict([{}, {}]), [])

    def test_who_is_the_limit(self):
        self.assertTrue(peer_noise.limited_by_wrk([figures(5, wrk_busy=.99, server_busy=.8)] * 2))
        self.assertFalse(peer_noise.limited_by_wrk([figures(5, wrk_busy=.8, server_busy=.99)] * 2))
        self.assertFalse(peer_noise.limited_by_wrk([figures(5, wrk_busy=.99, server_busy=.99)] * 2))


class Report(unittest.TestCase):
    def setUp(self):
        self.rows = peer_report.summarize(ROUNDS, 1, "loop")
        self.by_depth = {1: self.rows, 16: peer_report.summarize(ROUNDS, 16, "loop")}

    def test_ratios_are_within_a_round(self):
        self.assertEqual(peer_report.ratios(ROUNDS, 1, "phial", "loop"), [1.2, 1.1, 1.4])

    def test_a_round_without_the_reference_has_no_ratio(self):
        self.assertEqual(peer_report.ratios(ROUNDS, 16, "phial", "loop"), [])

    def test_the_least_cpu_is_first(self):
        self.assertEqual([row.name for row in self.rows], ["loop", "phial"])

    def test_median_and_range(self):
        self.assertEqual(peer_report.with_range([1.2, 1.1, 1.4]), "1.20 (1.10 .. 1.40)")
        self.assertEqual(peer_report.with_range([]), "-")
        self.assertEqual([peer_report.three_digits(v) for v in (.951, 9.999, 13, 285.6)],
                         ["0.95", "10.0", "13.0", "286"])

    def test_the_table_is_aligned(self):
        lines = peer_report.table(self.by_depth, "loop").splitlines()
        self.assertEqual([line.split("  ")[0] for line in lines[1:]],
                         ["one request at a time", "", "", "16 pipelined", ""])
        self.assertEqual(len({len(line) for line in lines if line.endswith("10.0") or line.endswith("MiB")}), 1)
        self.assertIn("  phial                7.00 (6.00 .. 11.00)  1.20 (1.10 .. 1.40)", lines[3])

    def test_a_limit_of_wrk_is_marked(self):
        rows = peer_report.summarize([{(1, "a"): figures(5, wrk_busy=1, server_busy=.5)}], 1, "a")
        self.assertIn("50000*", peer_report.table({1: rows}, "a"))
        self.assertIn(peer_report.WRK_LIMIT, peer_report.legend({1: rows}))

    def test_markdown(self):
        text = peer_report.markdown(self.by_depth, "loop", [("kernel", "6.1")], ["Not to be trusted: a build ran."])
        for part in ("**Not to be trusted: a build ran.**", "## One request at a time", "* kernel: 6.1",
                     "| phial | 7.00 (6.00 .. 11.00) | 1.20 (1.10 .. 1.40) | 50000 | 1.00 | 2.00 | 10.0 |"):
            self.assertIn(part, text)

    def test_csv_has_a_row_for_each_turn(self):
        out = io.StringIO()
        peer_report.write_csv(out, ROUNDS, "loop")
        lines = out.getvalue().splitlines()
        self.assertEqual(len(lines), 1 + 7)
        self.assertEqual(len({line.count(",") for line in lines}), 1)
        self.assertTrue(lines[2].startswith("1,1,phial,6.0000,1.2000,50000.0000,"), lines[2])
        self.assertTrue(lines[7].startswith("3,16,phial,2.0000,,50000.0000,,"), lines[7])


class Chart(unittest.TestCase):
    def bars(self, *values):
        return [Bar("server %g" % v, v, .9 * v, 1.1 * v, "%g us" % v, v == 6) for v in values]

    def test_steps(self):
        self.assertEqual([bar_chart.step_of(n) for n in (1, 9, 12, 26, 300)], [.2, 2, 5, 10, 100])

    def test_the_scale_reaches_the_longest_whisker(self):
        end, step = bar_chart.scale_of(self.bars(5, 6, 10))
        self.assertEqual((end, step), (15, 5))

    def test_a_bar_much_longer_than_the_others_is_cut(self):
        bars = self.bars(5, 6, 10, 300)
        self.assertLess(bar_chart.scale_of(bars)[0], 20)
        drawn = bar_chart.draw("t", [Panel("p", bars)], "us")
        self.assertEqual(drawn.count('class="cut"'), 2)
        self.assertIn("300 us", drawn)

    def test_a_bar_a_little_longer_than_the_limit_is_not_cut(self):
        self.assertGreater(bar_chart.scale_of(self.bars(1, 1, 2, 2, 3, 7, 9, 100))[0], 9)

    def test_one_bar(self):
        self.assertGreaterEqual(bar_chart.scale_of(self.bars(6))[0], 6.6)

    def test_it_is_xml_and_escaped(self):
        drawn = bar_chart.draw("a < b & c", [Panel("p", self.bars(5, 6)), Panel("none", [])], "us", ["<below>"],
                               ["a warning " * 30])
        root = xml.etree.ElementTree.fromstring(drawn)
        texts = [e.text for e in root.iter("{http://www.w3.org/2000/svg}text")]
        self.assertIn("<below>", texts)
        self.assertIn("server 6", texts)
        self.assertNotIn("none", texts)
        self.assertGreater(sum("warning" in text for text in texts), 1)

    def test_nothing_is_drawn_outside(self):
        drawn = bar_chart.draw("t", [Panel("p", self.bars(1, 6, 300, 4000))], "us", ["word " * 60])
        root = xml.etree.ElementTree.fromstring(drawn)
        for e in root.iter():
            for name in ("x", "x1", "x2"):
                self.assertLessEqual(float(e.get(name, 0)), bar_chart.WIDTH - 150)
            for name in ("y", "y1", "y2"):
                self.assertLessEqual(float(e.get(name, 0)), float(root.get("height")))

    def test_the_chart_of_the_report(self):
        drawn = peer_report.chart({1: peer_report.summarize(ROUNDS, 1, "loop")}, "loop", "summary", [],
                                  lambda name: name == "phial")
        self.assertIn("7.00 µs  (1.20)", drawn)
        self.assertEqual(drawn.count('class="bar own"'), 1)
        xml.etree.ElementTree.fromstring(drawn)


if __name__ == "__main__":
    unittest.main(verbosity=2)
