// `lxm graph`: who can send what to whom, as text, for Graphviz, or as JSON.
#include <map>
#include <tuple>

#include <fmt/core.h>

#include "machine/wiring.h"
#include "repl/command_line.h"
#include "repl/cycles.h"
#include "repl/json.h"

namespace lexum {

namespace {

struct Edge {
  std::string from;     // a domain
  std::string in;       // its transition or handler
  std::string to;       // a domain, or an adapter
  std::string message;  // "ReleaseStock", "Event::Closed", "CreatePostgres"
  std::string kind;     // "send", "broadcast", "effect"
  uint32_t line = 0;
};

// An edge for each receiver, in the order of the source. A broadcast that nobody hears goes to "".
std::vector<Edge> edges_of(const Program& program) {
  const Wiring wiring(program);
  std::vector<Edge> edges;
  for (size_t i = 0; i < program.emissions.size(); ++i) {
    const Emission& emission = program.emissions[i];
    const Site& site = wiring[EmissionId(i)];
    const Domain& domain = program[site.domain];
    Edge edge{.from = domain.name,
              .in = spell(domain.routines[site.routine.index()]),
              .to = {},
              .message = {},
              .kind = {},
              .line = program.source.place(emission.span.begin).line};
    if (emission.kind == EmissionKind::kSend) {
      edge.to = program[emission.domain].name;
      edge.message = program[emission.domain].routines[emission.routine.index()].name;
      edge.kind = "send";
      edges.push_back(edge);
    } else if (emission.kind == EmissionKind::kEffect) {
      const Effect& effect = program.effects[emission.effect.index()];
      edge.to = effect.adapter;
      edge.message = effect.operation;
      edge.kind = "effect";
      edges.push_back(edge);
    } else {
      const Event& event = program.events[emission.event.index()];
      edge.message = "Event::" + event.name;
      edge.kind = "broadcast";
      if (event.listeners.empty()) edges.push_back(edge);
      for (const Listener& listener : event.listeners) {
        edge.to = program[listener.domain].name;
        edges.push_back(edge);
      }
    }
  }
  return edges;
}

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
