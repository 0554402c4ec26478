#include "tracer/export.h"

#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "machine/report.h"
#include "machine/wiring.h"
#include "tracer/brief.h"
#include "tracer/line.h"
#include "tracer/lookup.h"

namespace lexum {

namespace {

// A JSON string. What is cut off inside a character is replaced.
std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

constexpr size_t kValueMax = 200;  // bytes of a value, for people

// What the three have in common: names, and who did what before.
class Exporter {
 public:
  Exporter(TraceReader& trace, const WritePiece& write)
      : trace_(trace), program_(trace.program()), write_(write) {}
  virtual ~Exporter() = default;
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

  virtual void begin() = 0;
  virtual Status cycle(const CycleView& ran) = 0;
  virtual void end() = 0;

 protected:
  void write(std::string_view piece) const { write_(piece); }
  std::string whose(const CycleView& ran) const {
    return instance_name(program_, ran.domain, ran.key);
  }
  std::string name_of(const CycleView& ran) const {
    return spell(program_[ran.domain].routines[ran.routine.index()]);
  }
  // Who ran in an earlier cycle.
  Result<ChunkIndex::Actor> actor_of(uint64_t cycle) {
    const size_t chunk = trace_.chunk_of(cycle);
    const Result<std::shared_ptr<const ChunkIndex>> index = trace_.index(chunk);
    if (!index) return index.error();
    return (*index)->actors[(*index)->who[cycle - trace_.chunks()[chunk].first_cycle]];
  }
  [[nodiscard]] bool is_here(uint64_t cycle) const {
    return cycle > trace_.start() && cycle <= trace_.cycles();
  }
  std::string value(const SeenValue& seen) const {
    if (seen.known) return shown(seen.value, program_.shapes, kValueMax);
    return fmt::format("{} of {}", spelling(seen.kind), seen.size);
  }
  std::string emission(const EmissionView& view) const {
    const Emission& site = program_.emissions[view.site.index()];
    switch (site.kind) {
      case EmissionKind::kSend:
        return fmt::format("{} {}", instance_name(program_, site.domain, view.key),
                           program_[site.domain].routines[site.routine.index()].name);
      case EmissionKind::kBroadcast:
        return "Event::" + program_.events[site.event.index()].name;
      case EmissionKind::kEffect: {
        const Effect& effect = program_.effects[site.effect.index()];
        return effect.adapter + "." + effect.operation;
      }
    }
    return "";
  }

  TraceReader& trace_;
  const Program& program_;

 private:
  const WritePiece& write_;
};

// ------------------------------------------------------------------------------------- Perfetto

class ToPerfetto final : public Exporter {
 public:
  using Exporter::Exporter;

  void begin() override { write("{\"displayTimeUnit\": \"ns\", \"traceEvents\": [\n"); }
  void end() override { write("\n]}\n"); }

  Status cycle(const CycleView& ran) override {
    const Track track = track_of(ran.domain, ran.key);
    if (ran.tick != tick_) mark_tick(ran);
    std::string args = fmt::format("\"tick\": {}", ran.tick);
    for (const ChangeView& change : ran.changes) {
      const std::string& field = program_[ran.domain].fields[change.slot].name;
      args += fmt::format(", {}: {}", json_string(field),
                          json_string(value(change.before) + " → " + value(change.after)));
    }
    event(
        fmt::format("\"ph\": \"X\", \"name\": {}, \"cat\": \"cycle\", \"ts\": {}, \"dur\": 1, "
                    "{}, \"args\": {{{}}}",
                    json_string(name_of(ran)), ran.cycle, place(track), args));
    for (const GoalFlip& flip : ran.flips) {
      const std::string& goal = program_[ran.domain].goals[flip.goal.index()].name;
      event(fmt::format("\"ph\": \"C\", \"name\": {}, \"ts\": {}, {}, \"args\": {{\"status\": {}}}",
                        json_string(whose(ran) + "." + goal), ran.cycle, place(track),
                        static_cast<int>(flip.to)));
    }
    if (ran.fault) {
      event(
          fmt::format("\"ph\": \"i\", \"s\": \"t\", \"name\": {}, \"cat\": \"fault\", "
                      "\"ts\": {}, {}, \"args\": {{\"message\": {}}}",
                      json_string(info(ran.fault->code).id), ran.cycle, place(track),
                      json_string(ran.fault->message)));
    }
    if (!ran.cause || !is_here(ran.cause->cycle)) return Done{};
    return flow(ran, track);
  }

 private:
  struct Track {
    uint64_t process = 0;  // the domain
    uint64_t thread = 0;   // the instance
  };

  void event(const std::string& members) {
    write((any_ ? ",\n{" : "{") + members + "}");
    any_ = true;
  }
  static std::string place(Track track) {
    return fmt::format("\"pid\": {}, \"tid\": {}", track.process, track.thread);
  }
  void name(const char* what, Track track, const std::string& name) {
    event(fmt::format("\"ph\": \"M\", \"name\": \"{}\", {}, \"args\": {{\"name\": {}}}", what,
                      place(track), json_string(name)));
  }
  Track track_of(DomainId domain, const Value& key) {
    const auto [known, is_new] =
        threads_.try_emplace(instance_name(program_, domain, key), threads_.size() + 1);
    const Track track{.process = domain.index() + 1, .thread = known->second};
    if (!is_new) return track;
    if (named_.insert(domain.index()).second) name("process_name", track, program_[domain].name);
    name("thread_name", track, known->first);
    return track;
  }
  void mark_tick(const CycleView& ran) {
    if (tick_ == 0) name("process_name", {}, "ticks");
    tick_ = ran.tick;
    event(
        fmt::format("\"ph\": \"i\", \"s\": \"p\", \"name\": \"tick {}\", \"cat\": \"tick\", "
                    "\"ts\": {}, {}",
                    ran.tick, ran.cycle, place({})));
  }
  // Both ends of the message that this cycle took.
  Status flow(const CycleView& ran, Track track) {
    const Result<ChunkIndex::Actor> sender = actor_of(ran.cause->cycle);
    if (!sender) return sender.error();
    const Track from = track_of(sender->domain, sender->key);
    const std::string what = fmt::format("\"name\": {}, \"cat\": \"message\", \"id\": {}",
                                         json_string(name_of(ran)), ran.cycle);
    event(fmt::format("\"ph\": \"s\", {}, \"ts\": {}, {}", what, ran.cause->cycle, place(from)));
    event(fmt::format("\"ph\": \"f\", \"bp\": \"e\", {}, \"ts\": {}, {}", what, ran.cycle,
                      place(track)));
    return Done{};
  }

  std::map<std::string, uint64_t> threads_;
  std::set<size_t> named_;
  uint64_t tick_ = 0;
  bool any_ = false;
};

// ------------------------------------------------------------------------------------------ DOT

class ToDot final : public Exporter {
 public:
  using Exporter::Exporter;

  void begin() override {
    write("digraph run {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n");
  }
  void end() override { write("}\n"); }

  Status cycle(const CycleView& ran) override {
    node(ran.cycle, whose(ran), fmt::format("{} {}", ran.cycle, name_of(ran)),
         ran.fault ? ", color=red" : "");
    nodes_.insert(ran.cycle);
    if (!ran.cause) return Done{};
    if (ran.cause->kind == OriginKind::kInput) {
      write(fmt::format("  i{0} [label=\"input {0}\", shape=plaintext];\n  i{0} -> c{1};\n",
                        ran.cause->input, ran.cycle));
      return Done{};
    }
    // One from before what is exported stands for itself.
    if (!nodes_.contains(ran.cause->cycle) && is_here(ran.cause->cycle)) {
      const Result<ChunkIndex::Actor> sender = actor_of(ran.cause->cycle);
      if (!sender) return sender.error();
      node(ran.cause->cycle, instance_name(program_, sender->domain, sender->key),
           fmt::to_string(ran.cause->cycle), ", style=dashed");
      nodes_.insert(ran.cause->cycle);
    }
    write(fmt::format("  c{} -> c{} [label={}];\n", ran.cause->cycle, ran.cycle,
                      json_string(name_of(ran))));
    return Done{};
  }

 private:
  void node(uint64_t cycle, const std::string& instance, const std::string& label,
            const char* more) const {
    write(fmt::format("  subgraph {} {{ label={}; c{} [label={}{}]; }}\n",
                      json_string("cluster " + instance), json_string(instance), cycle,
                      json_string(label), more));
  }

  std::set<uint64_t> nodes_;
};

// ------------------------------------------------------------------------------------------ CSV

class ToCsv final : public Exporter {
 public:
  using Exporter::Exporter;

  void begin() override {
    write(
        "cycle,tick,instance,domain,key,routine,work,because,of_cycle,changes,sends,goals,fault,"
        "logs\r\n");
  }
  void end() override {}

  Status cycle(const CycleView& ran) override {
    static constexpr std::string_view kWork[] = {"boot", "message", "goal", "else", "slice"};
    static constexpr std::string_view kBecause[] = {"sent", "broadcast", "input", "outcome"};
    nlohmann::ordered_json changes = nlohmann::ordered_json::object();
    for (const ChangeView& change : ran.changes) {
      changes[program_[ran.domain].fields[change.slot].name] = {value(change.before),
                                                                value(change.after)};
    }
    nlohmann::ordered_json sends = nlohmann::ordered_json::array();
    for (const EmissionView& emitted : ran.emissions) sends.push_back(emission(emitted));
    nlohmann::ordered_json goals = nlohmann::ordered_json::object();
    for (const GoalFlip& flip : ran.flips) {
      goals[program_[ran.domain].goals[flip.goal.index()].name] = spelling(flip.to);
    }
    const bool from_cycle = ran.cause && ran.cause->kind != OriginKind::kInput;
    row({fmt::to_string(ran.cycle), fmt::to_string(ran.tick), whose(ran), program_[ran.domain].name,
         ran.key.is_null() ? "" : str(ran.key, program_.shapes), name_of(ran),
         std::string(kWork[static_cast<size_t>(ran.work)]),
         ran.cause ? std::string(kBecause[static_cast<size_t>(ran.cause->kind)]) : "",
         from_cycle ? fmt::to_string(ran.cause->cycle) : "", list(changes), list(sends),
         list(goals), ran.fault ? std::string(info(ran.fault->code).id) : "",
         list(nlohmann::ordered_json(ran.logs))});
    return Done{};
  }

 private:
  static std::string list(const nlohmann::ordered_json& json) {
    if (json.empty()) return "";
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  void row(const std::vector<std::string>& cells) const {
    std::string line;
    for (const std::string& cell : cells) {
      if (!line.empty() || &cell != cells.data()) line += ",";
      if (cell.find_first_of(",\"\r\n") == std::string::npos) {
        line += cell;
        continue;
      }
      line += '"';
      for (const char c : cell) line += c == '"' ? std::string("\"\"") : std::string(1, c);
      line += '"';
    }
    write(line + "\r\n");
  }
};

std::unique_ptr<Exporter> exporter(TraceReader& trace, ExportTo to, const WritePiece& write) {
  switch (to) {
    case ExportTo::kPerfetto:
      return std::make_unique<ToPerfetto>(trace, write);
    case ExportTo::kDot:
      return std::make_unique<ToDot>(trace, write);
    case ExportTo::kCsv:
      return std::make_unique<ToCsv>(trace, write);
  }
  return nullptr;
}

}  // namespace

Result<ScanEnd> export_trace(TraceReader& trace, ExportTo to, uint64_t from, uint64_t until,
                             const WritePiece& write, const Looking& looking) {
  const std::unique_ptr<Exporter> out = exporter(trace, to, write);
  out->begin();
  std::optional<Error> error;
  const Visit visit = [&](const EventView& event, uint64_t) {
    if (const auto* ran = std::get_if<CycleView>(&event)) {
      if (Status written = out->cycle(*ran); !written) error = written.error();
    }
    return !error;
  };
  const Result<ScanEnd> end = scan(trace, from, until, looking, visit);
  // What is written is whole in its format, even if it was interrupted.
  out->end();
  if (error) return *error;
  return end;
}

}  // namespace lexum
