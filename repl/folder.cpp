#include "repl/folder.h"

#include <filesystem>
#include <map>
#include <optional>
#include <ranges>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "machine/advice.h"
#include "machine/past.h"
#include "machine/value_json.h"
#include "repl/exit_status.h"
#include "repl/sources.h"
#include "repl/terminal.h"
#include "store/files.h"
#include "store/journal.h"

namespace lexum {

namespace {

constexpr uint64_t kBytesMax = uint64_t{8} << 30;

struct SeenSnapshot {
  uint64_t cycle = 0;
  uint64_t bytes = 0;
  std::string wrong = {};             // empty: it is good
  std::optional<uint64_t> base = {};  // its cycle
  std::string run_hash = {};
};

class Folder {
 public:
  Folder(std::string path, RunFacts facts) : path_(std::move(path)), facts_(std::move(facts)) {}

  Status look() {
    const Result<std::vector<std::string>> names = disk().list(path_);
    if (!names) return names.error();
    for (const std::string& name : *names) {
      if (const auto cycle = snapshot_cycle(name)) snapshots_.push_back(snapshot(name, *cycle));
    }
    std::ranges::sort(snapshots_, {}, &SeenSnapshot::cycle);
    for (const SeenSnapshot& one : snapshots_ | std::views::reverse) {
      if (!newest_.is_null()) break;
      if (one.wrong.empty()) newest_ = json_in(snapshot_name(one.cycle));
    }
    add_bases();
    return Journal::read(disk(), path_, 1, [&](const JournalRecord& record) {
      first_ = first_ == 0 ? record.number : first_;
      last_ = record.number;
      return true;
    });
  }

  // Of the newest one that is good.
  [[nodiscard]] const Json& newest() const { return newest_; }

  void print(Output& out) const {
    out.write(fmt::format("{:14}{}\n", "folder", path_));
    for (const KnownProgram& program : facts_.programs) {
      out.write(
          fmt::format("{:14}{}/{}, {}\n", "program", path_, program.file, to_hex(program.hash)));
    }
    out.write(
        fmt::format("{:14}{}\n", "journal",
                    last_ == 0 ? "no records" : fmt::format("records {} to {}", first_, last_)));
    for (const SeenSnapshot& one : snapshots_) {
      const std::string says =
          one.wrong.empty()
              ? fmt::format("{}, run_hash {}",
                            one.base ? "on " + snapshot_name(*one.base) : "whole", one.run_hash)
              : one.wrong;
      out.write(
          fmt::format("{:14}cycle {}, {} bytes, {}\n", "snapshot", one.cycle, one.bytes, says));
    }
    if (newest_.is_null()) return;
    for (const Json& one : newest_["instances"]) {
      if (one.contains("gone")) continue;
      out.write(fmt::format("  {:20}{}\n", name_of(one), one["state"].dump()));
    }
  }
  void print_json(Output& out) const {
    Json all{{"folder", path_}, {"first_record", first_}, {"last_record", last_}};
    all["programs"] = Json::array();
    for (const KnownProgram& program : facts_.programs) {
      all["programs"].push_back({{"file", program.file}, {"hash", to_hex(program.hash)}});
    }
    all["snapshots"] = Json::array();
    for (const SeenSnapshot& one : snapshots_) {
      all["snapshots"].push_back({{"cycle", one.cycle},
                                  {"bytes", one.bytes},
                                  {"base", one.base ? Json(snapshot_name(*one.base)) : Json()},
                                  {"run_hash", one.run_hash},
                                  {"wrong", one.wrong.empty() ? Json() : Json(one.wrong)}});
    }
    all["instances"] = newest_.is_null() ? Json::array() : newest_["instances"];
    out.write(dump(all) + "\n");
  }
  // False: nobody has that.
  bool print_query(Output& out, const std::string& query, bool json) const {
    bool any = false;
    Json all = Json::array();
    for (const Json& one : newest_.is_null() ? Json::array() : newest_["instances"]) {
      const Json* at = &one;
      for (size_t begin = 0; at != nullptr && begin <= query.size();) {
        const size_t end = std::min(query.find('.', begin), query.size());
        const std::string part = query.substr(begin, end - begin);
        at = at->is_object() && at->contains(part) ? &(*at)[part] : nullptr;
        begin = end + 1;
      }
      if (at == nullptr) continue;
      any = true;
      if (json) all.push_back({{"instance", name_of(one)}, {"value", *at}});
      else out.write(fmt::format("{:20}{}\n", name_of(one), at->dump()));
    }
    if (json && any) out.write(dump(all) + "\n");
    return any;
  }
  [[nodiscard]] bool has_snapshot() const { return !newest_.is_null(); }
  [[nodiscard]] bool is_whole() const {
    return std::ranges::all_of(snapshots_,
                               [](const SeenSnapshot& one) { return one.wrong.empty(); });
  }

 private:
  // A snapshot has what was touched since its base; the rest is in that one.
  void add_bases() {
    if (newest_.is_null()) return;
    std::map<uint64_t, Json> all;
    for (Json at = newest_; !at.is_discarded();) {
      for (Json& one : at["instances"]) {
        const uint64_t id = one["id"];
        all.emplace(id, std::move(one));
      }
      if (!at["base"].is_string()) break;
      const std::string base = at["base"];
      const auto found = std::ranges::find(snapshots_, snapshot_cycle(base), &SeenSnapshot::cycle);
      // One that is not good is told of by itself.
      if (found == snapshots_.end() || !found->wrong.empty()) break;
      at = json_in(base);
    }
    newest_["instances"] = Json::array();
    for (auto& [id, one] : all) newest_["instances"].push_back(std::move(one));
  }

  static std::string name_of(const Json& instance) {
    const std::string domain = instance["domain"];
    return instance["key"].is_null() ? domain : domain + "[" + instance["key"].dump() + "]";
  }

  SeenSnapshot snapshot(const std::string& name, uint64_t cycle) {
    SeenSnapshot found{.cycle = cycle};
    const Result<std::unique_ptr<File>> file = disk().open(path_ + "/" + name);
    if (!file) {
      found.wrong = file.error().what;
      return found;
    }
    if (const Result<uint64_t> size = (*file)->size()) found.bytes = *size;
    const Result<SnapshotHead> head = read_snapshot_head(**file);
    if (!head) {
      found.wrong = head.error().what;
      return found;
    }
    found.base = head->base;
    found.run_hash = to_hex(head->run_hash);
    return found;
  }
  Json json_in(const std::string& name) const {
    const Result<std::string> text = lexum::read_text(disk(), path_ + "/" + name, kBytesMax);
    return text ? parse_json(*text) : Json();
  }

  const std::string path_;
  const RunFacts facts_;
  std::vector<SeenSnapshot> snapshots_;
  Json newest_;
  uint64_t first_ = 0;
  uint64_t last_ = 0;
};

}  // namespace

bool is_data_folder(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error);
}

std::string socket_in(const std::string& folder) { return folder + "/socket"; }

int inspect_folder(const FolderQuestion& question) {
  Output out;
  const auto fail = [&](const Error& error) {
    if (question.json) out.write(dump(Json{{"error", error.what}}) + "\n");
    complain("lxm: " + error.what);
    return out.finish(exit_status_of(error));
  };
  if (question.program) {
    const auto program = program_in(disk(), question.folder);
    if (!program) return fail(program.error());
    out.write(std::string((*program)->source.text()));
    return out.finish(kExitDone);
  }
  const Result<RunFacts> facts = read_facts(disk(), question.folder);
  if (!facts) return fail(facts.error());
  Folder folder(question.folder, *facts);
  if (Status looked = folder.look(); !looked) return fail(looked.error());
  if (question.query) {
    if (folder.print_query(out, *question.query, question.json)) return out.finish(kExitDone);
    if (!folder.has_snapshot()) {
      return fail({.code = ErrorCode::kMismatch,
                   .what = question.folder + " has no good snapshot, and a query looks into the " +
                           "newest; `lxm log " + shell_word(question.folder) +
                           "` tells what has happened"});
    }
    return fail({.code = ErrorCode::kMismatch,
                 .what = "no instance has `" + *question.query +
                         "`; state.FIELD, mailbox, goals and "
                         "mailbox_offset are some that there are"});
  }
  if (question.json) folder.print_json(out);
  else folder.print(out);
  return out.finish(folder.is_whole() ? kExitDone : kExitDisk);
}

}  // namespace lexum
