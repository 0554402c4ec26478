#include "machine/programs.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "machine/value_json.h"

namespace lexum {

namespace {
constexpr size_t kFactsBytesMax = size_t{16} << 20;

std::string facts_in(const std::string& folder) { return folder + "/run.json"; }
}  // namespace

Hash256 program_hash(const Program& program) {
  ByteWriter bytes;
  bytes.raw(as_bytes(program.source.text()));
  for (const EffectChoice& choice : choices_in(program)) {
    bytes.text(choice.adapter);
    bytes.text(choice.operation);
    bytes.byte(static_cast<uint8_t>(choice.mode));
  }
  return blake2b(bytes.bytes());
}

Status write_facts(Files& files, const std::string& folder, const RunFacts& facts) {
  Json json{{"run_id", facts.run_id}, {"programs", Json::array()}};
  for (const KnownProgram& program : facts.programs) {
    Json effects = Json::array();
    for (const EffectChoice& one : program.effects) {
      effects.push_back({{"adapter", one.adapter},
                         {"operation", one.operation},
                         {"mode", static_cast<int>(one.mode)}});
    }
    json["programs"].push_back(
        {{"file", program.file}, {"hash", to_hex(program.hash)}, {"effects", effects}});
  }
  return replace_text(files, facts_in(folder), json.dump(1) + "\n");
}

namespace {

std::optional<std::vector<EffectChoice>> read_choices(const Json& json) {
  std::vector<EffectChoice> choices;
  for (const Json& one : json) {
    const auto mode = one.at("mode").get<uint64_t>();
    if (mode > static_cast<uint64_t>(EffectMode::kBound)) return {};
    choices.push_back({.adapter = one.at("adapter").get<std::string>(),
                       .operation = one.at("operation").get<std::string>(),
                       .mode = static_cast<EffectMode>(mode)});
  }
  return choices;
}

std::optional<RunFacts> read_facts(const Json& json) {
  RunFacts facts{.run_id = json.at("run_id").get<std::string>(), .programs = {}};
  for (const Json& one : json.at("programs")) {
    const auto hash = from_hex(one.at("hash").get<std::string>());
    auto effects = read_choices(one.at("effects"));
    auto file = one.at("file").get<std::string>();
    if (!hash || hash->size() != 32 || !effects || file.find('/') != std::string::npos) return {};
    KnownProgram& known = facts.programs.emplace_back();
    known.file = std::move(file);
    std::ranges::copy(*hash, known.hash.begin());
    known.effects = std::move(*effects);
  }
  return facts.programs.empty() ? std::nullopt : std::optional(std::move(facts));
}

}  // namespace

Result<RunFacts> read_facts(Files& files, const std::string& folder) {
  const Result<std::string> text = read_text(files, facts_in(folder), kFactsBytesMax);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    return Error{
        .code = ErrorCode::kNotFound,
        .what = folder + " has no run; `lxm run PROGRAM.lxm --data " + folder + "` begins one"};
  }
  if (!text) return text.error();
  const Error senseless{.code = ErrorCode::kDamaged,
                        .what = facts_in(folder) + " does not say what this lxm understands"};
  try {
    std::optional<RunFacts> facts = read_facts(Json::parse(*text));
    return facts ? Result<RunFacts>(std::move(*facts)) : Result<RunFacts>(senseless);
  } catch (const Json::exception&) {
    return senseless;
  }
}

Result<KnownProgram> keep_program(Files& files, const std::string& folder, size_t number,
                                  const Program& program) {
  KnownProgram known{.file = number == 1 ? "program.lxm" : fmt::format("program.{}.lxm", number),
                     .hash = program_hash(program),
                     .effects = choices_in(program)};
  const std::string text(program.source.text());
  if (Status kept = replace_text(files, folder + "/" + known.file, text); !kept) {
    return kept.error();
  }
  return known;
}

Programs::Programs(Files& files, std::string folder, const RunFacts& facts,
                   std::shared_ptr<const Program> at_hand)
    : files_(files), folder_(std::move(folder)) {
  for (const KnownProgram& known : facts.programs) shelf_.push_back({known, nullptr});
  if (at_hand != nullptr) {
    const Hash256 hash = program_hash(*at_hand);
    shelf_.push_back({{.file = "", .hash = hash, .effects = {}}, std::move(at_hand)});
  }
}

Result<std::shared_ptr<const Program>> Programs::newest() {
  if (!shelf_.empty()) return get(shelf_.back().known.hash);
  return Error{.code = ErrorCode::kNotFound, .what = facts_in(folder_) + " lists no program"};
}

Result<std::shared_ptr<const Program>> Programs::get(const Hash256& hash) {
  const auto found = std::find_if(shelf_.rbegin(), shelf_.rend(),
                                  [&](const Shelved& one) { return one.known.hash == hash; });
  if (found == shelf_.rend()) {
    return Error{.code = ErrorCode::kNotFound,
                 .what = facts_in(folder_) + " does not list the program that this is of"};
  }
  if (found->program != nullptr) return found->program;
  const std::string path = folder_ + "/" + found->known.file;
  Result<std::string> text = read_text(files_, path, Source::kBytesMax);
  if (!text) return Error{.code = ErrorCode::kDamaged, .what = text.error().what};
  Diagnostics diagnostics;
  std::shared_ptr<const Program> program =
      load(Source(path, std::move(*text)), diagnostics, as_chosen(found->known.effects));
  if (program == nullptr || program_hash(*program) != hash) {
    return Error{.code = ErrorCode::kDamaged,
                 .what = fmt::format("{} is not what it was when the run got it; put that back "
                                     "(`lxm upgrade` takes a changed program, from another file)",
                                     path)};
  }
  return found->program = std::move(program);
}

}  // namespace lexum
