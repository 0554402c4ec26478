// What is exported follows the rules of its format, as somebody else would check it.
#include <map>
#include <regex>
#include <set>

#include <nlohmann/json.hpp>

#include "tracer/export.h"
#include "tracer_fixture.h"

namespace lexum {
namespace {

// Whatever has to be escaped somewhere.
constexpr const char* kNames = R"(
domain Desk {
  state { n: int  said: string = "he said \"a, b\"\n" }
  goal Busy { predicate n >= 6 }
  transition Write {
    n += 1
    said = said + "ü,\"\\" + str(n) + "\n"
    send Drawer["a\"b, c\\d"] Put(text: said)
    if n % 2 == 0 { emit Broadcast(Event::Bell(n: n)) }
    log "line one\nline two, \"quoted\""
  }
}
domain Drawer[name: string] {
  @restart(0, 1)
  state { last: string  rings: int }
}
)";

std::string exported(Recorded& run, ExportTo to, uint64_t from = 0, uint64_t until = UINT64_MAX) {
  const auto trace = run.open();
  std::string text;
  const auto end = export_trace(*trace, to, from, std::min(until, trace->cycles()),
                                [&](std::string_view piece) { text += piece; });
  EXPECT_TRUE(end.ok()) << end.error().what;
  return text;
}

Recorded awkward() {
  std::string text(kNames);
  text.replace(text.find("  @restart(0, 1)\n"), 17, "");
  text.insert(text.rfind('}'),
              "  transition Put(text: string) { last = text  if rings == 2 { rings = 1 / 0 } }\n"
              "  on Event::Bell(n: int) { rings += 1 }\n");
  return record(text);
}

// ---- the Trace Event Format: each event has ph, and ts, pid and tid, which are numbers; flows
// come in pairs of one id and name, inside slices, the start not after the end; counters have
// numbers.
TEST(Export, ToPerfettoFollowsTheTraceEventFormat) {
  Recorded run = awkward();
  const auto json = nlohmann::json::parse(exported(run, ExportTo::kPerfetto));
  const auto& events = json.at("traceEvents");
  using Track = std::pair<uint64_t, uint64_t>;
  std::map<Track, std::set<uint64_t>> slices;
  std::map<std::pair<std::string, uint64_t>, nlohmann::json> begun;
  std::set<Track> named;
  size_t flows = 0;
  size_t faults = 0;
  size_t counters = 0;
  for (const auto& event : events) {
    const std::string ph = event.at("ph");
    ASSERT_TRUE(std::set<std::string>({"M", "X", "s", "f", "C", "i"}).contains(ph)) << ph;
    const Track track{event.at("pid"), event.at("tid")};
    EXPECT_TRUE(event.at("name").is_string());
    if (ph == "M") {
      EXPECT_TRUE(event.at("args").at("name").is_string());
      named.insert(track);
      continue;
    }
    ASSERT_TRUE(event.at("ts").is_number_unsigned());
    const uint64_t ts = event.at("ts");
    EXPECT_TRUE(named.contains(track)) << event;
    if (ph == "X") {
      EXPECT_GT(event.at("dur"), 0);
      EXPECT_TRUE(slices[track].insert(ts).second) << "two slices at once";
    }
    if (ph == "C") {
      ++counters;
      for (const auto& [name, number] : event.at("args").items()) EXPECT_TRUE(number.is_number());
    }
    if (ph == "i") {
      EXPECT_TRUE(std::set<std::string>({"t", "p", "g"}).contains(event.at("s")));
      faults += event.at("cat") == "fault";
    }
    if (ph == "s") {
      begun[{event.at("name"), event.at("id")}] = event;
      EXPECT_TRUE(slices[track].contains(ts)) << "a flow from nowhere";
    }
    if (ph == "f") {
      ++flows;
      const auto start = begun.find({event.at("name"), event.at("id")});
      ASSERT_NE(start, begun.end());
      EXPECT_LE(start->second.at("ts"), ts);
      EXPECT_EQ(event.at("bp"), "e");
      EXPECT_TRUE(slices[track].contains(ts)) << "a flow to nowhere";
      begun.erase(start);
    }
  }
  EXPECT_TRUE(begun.empty());
  const auto trace = run.open();
  size_t cycles = 0;
  for (const auto& [track, all] : slices) cycles += all.size();
  EXPECT_EQ(cycles, trace->cycles());
  EXPECT_GT(flows, 5u);
  EXPECT_GT(counters, 0u);
  EXPECT_GT(faults, 0u);
}

// ---- RFC 4180
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows = {{""}};
  bool inside = false;
  for (size_t i = 0; i < text.size(); ++i) {
    std::string& cell = rows.back().back();
    const char c = text[i];
    if (inside) {
      if (c != '"') cell += c;
      else if (i + 1 < text.size() && text[i + 1] == '"') cell += text[++i];
      else inside = false;
    } else if (c == '"') {
      EXPECT_TRUE(cell.empty()) << "a quote inside of a cell";
      inside = true;
    } else if (c == ',') {
      rows.back().emplace_back();
    } else if (c == '\r') {
      EXPECT_EQ(text[++i], '\n');
      rows.push_back({""});
    } else {
      EXPECT_NE(c, '\n');
      cell += c;
    }
  }
  EXPECT_FALSE(inside);
  EXPECT_EQ(rows.back(), std::vector<std::string>({""})) << "the last line has its end";
  rows.pop_back();
  return rows;
}

TEST(Export, ToCsvFollowsRfc4180) {
  Recorded run = awkward();
  const auto rows = read_csv(exported(run, ExportTo::kCsv));
  const auto trace = run.open();
  ASSERT_EQ(rows.size(), trace->cycles() + 1);
  EXPECT_EQ(rows[0][0], "cycle");
  std::set<std::string> keys;
  for (size_t i = 1; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i].size(), rows[0].size()) << i;
    EXPECT_EQ(rows[i][0], std::to_string(i));
    keys.insert(rows[i][4]);
    for (const size_t list : {9, 10, 11, 13}) {
      EXPECT_TRUE(rows[i][list].empty() || nlohmann::json::accept(rows[i][list]));
    }
  }
  EXPECT_TRUE(keys.contains("a\"b, c\\d"));
  EXPECT_EQ(nlohmann::json::parse(rows[1][13])[0], "line one\nline two, \"quoted\"");
}

// ---- DOT: statements of four forms, and no edge to a node that is not there.
TEST(Export, ToDotIsAGraphWhoseEdgesHaveBothEnds) {
  Recorded run = awkward();
  std::istringstream text(exported(run, ExportTo::kDot, 3));
  const std::string id = R"--("(?:[^"\\]|\\.)*")--";
  const std::regex node("  subgraph " + id + " \\{ label=" + id + "; (c\\d+) \\[label=" + id +
                        "[^\\]]*\\]; \\}");
  const std::regex input("  (i\\d+) \\[label=" + id + ", shape=plaintext\\];");
  const std::regex edge("  ([ci]\\d+) -> (c\\d+)(?: \\[label=" + id + "\\])?;");
  std::set<std::string> nodes;
  size_t edges = 0;
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  ASSERT_EQ(lines.front(), "digraph run {");
  ASSERT_EQ(lines.back(), "}");
  for (size_t i = 3; i + 1 < lines.size(); ++i) {
    std::smatch match;
    if (std::regex_match(lines[i], match, node) || std::regex_match(lines[i], match, input)) {
      nodes.insert(match[1]);
    } else {
      ASSERT_TRUE(std::regex_match(lines[i], match, edge)) << lines[i];
      EXPECT_TRUE(nodes.contains(match[1])) << lines[i];
      EXPECT_TRUE(nodes.contains(match[2])) << lines[i];
      ++edges;
    }
  }
  EXPECT_GT(edges, 5u);
}

}  // namespace
}  // namespace lexum
