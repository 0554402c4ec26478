// `lxm graph`: who can send what to whom, as text, for Graphviz, or as JSON.
#include <fmt/core.h>

#include "machine/wiring.h"
#include "repl/command_line.h"
#include "repl/cycles.h"
#include "repl/json.h"

namespace lexum {

namespace {

std::string text_of(const Program& program, const std::vector<Edge>& edges) {
  std::string text;
  for (const Domain& domain : program.domains) {
    text += domain.name + (domain.keyed ? "[" + domain.key_name + "]" : "") + "\n";
    for (const Edge& edge : edges) {
      if (edge.from != domain.name) continue;
      const std::string to = edge.to.empty() ? "nobody hears it" : edge.to;
      text += fmt::format("  {} → {}: {} ({}, line {})\n", edge.in, to, edge.message, edge.kind,
                          edge.line);
    }
  }
  return text + cycles_text(program);
}

// A name as Graphviz reads it.
std::string node(std::string_view name) { return "\"" + std::string(name) + "\""; }

std::string dot_of(const Program& program, const std::vector<Edge>& edges) {
  std::string text = "digraph lexum {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const Domain& domain : program.domains) text += "  " + node(domain.name) + ";\n";
  for (const Edge& edge : edges) {
    const std::string to = edge.to.empty() ? "nobody" : edge.to;
    if (edge.kind == "effect") text += fmt::format("  {} [shape=cds];\n", node(to));
    text += fmt::format("  {} -> {} [label={}{}];\n", node(edge.from), node(to), node(edge.message),
                        edge.kind == "send" ? "" : ", style=dashed");
  }
  return text + "}\n";
}

std::string json_of(const Program& program, const std::vector<Edge>& edges) {
  std::string domains;
  for (const Domain& domain : program.domains) {
    domains += (domains.empty() ? "" : ",") + json_text(domain.name);
  }
  std::string all;
  for (const Edge& edge : edges) {
    all += fmt::format(R"({}{{"from":{},"in":{},"to":{},"message":{},"kind":{},"line":{}}})",
                       all.empty() ? "" : ",", json_text(edge.from), json_text(edge.in),
                       edge.to.empty() ? "null" : json_text(edge.to), json_text(edge.message),
                       json_text(edge.kind), edge.line);
  }
  return fmt::format("{{\"domains\": [{}], \"edges\": [{}], \"message_cycles\": {}}}\n", domains,
                     all, cycles_json(program));
}

}  // namespace

int graph_command(Words words) {
  std::string path;
  bool dot = false;
  bool json = false;
  CommandLine options("graph");
  options.word("PROGRAM.lxm", path, "The program; - is standard input");
  options.flag("--dot", dot, "Print it for Graphviz");
  options.flag("--json", json, "Print it as one JSON object");
  if (const auto status = options.parse(words)) return *status;

  const Loaded loaded = load_file(path);
  if (!loaded.error.empty()) complain("lxm: " + loaded.error);
  if (!json) loaded.findings.print(true);
  Output out;
  if (loaded.program == nullptr) {
    if (json) {
      out.write(fmt::format("{{\"diagnostics\": {}}}\n",
                            json_diagnostics(loaded.findings, loaded.error)));
    }
    return out.finish(loaded.status);
  }
  const std::vector<Edge> edges = edges_of(*loaded.program);
  out.write(json  ? json_of(*loaded.program, edges)
            : dot ? dot_of(*loaded.program, edges)
                  : text_of(*loaded.program, edges));
  return out.finish(kExitDone);
}

}  // namespace lexum
