#include "effects/adapter_file.h"

#include <fmt/format.h>

#include "effects/binding_read.h"
#include "syntax/diagnostic.h"
#include "value/value.h"

namespace lexum {
namespace {

using JsonKind = LocatedJson::Kind;
using Names = std::vector<std::string>;

// "Infra" or "Infra.CreatePostgres".
bool is_adapter_name(std::string_view name) {
  const size_t dot = name.find('.');
  if (dot == std::string_view::npos) return is_identifier(name);
  return is_identifier(name.substr(0, dot)) && is_identifier(name.substr(dot + 1));
}

void bind(MemberReader& reader, const LocatedMember& member, Bindings& bindings) {
  static const Names kUses = {"exec", "http", "timer", "file", "log"};
  if (!is_adapter_name(member.name)) {
    reader.complain(member.offset,
                    fmt::format("{} is no adapter; write `Infra` for all that it does, or "
                                "`Infra.CreatePostgres` for one operation",
                                shortened(json_string(member.name), 60)));
    return;
  }
  const auto [bound, is_new] = bindings.by_name.try_emplace(member.name, TimerBinding{});
  if (!is_new) {
    reader.complain(member.offset,
                    fmt::format("`{}` is bound twice; keep one of them", member.name));
    return;
  }
  if (member.value.kind != JsonKind::kObject) {
    reader.complain(
        member.value.offset,
        fmt::format(
            R"(`{}` is an object like {{"use": "exec", "program": ["./tool"]}}, and {} is none)",
            member.name, shown(member.value)));
    return;
  }
  const LocatedJson* const use = reader.need(member.value, "use", "\"exec\"");
  const std::optional<std::string> kind = reader.text(use, "use", "\"exec\"");
  if (!kind) return;
  if (*kind == "exec") bound->second = read_exec_binding(reader, member.value);
  else if (*kind == "http") bound->second = read_http_binding(reader, member.value);
  else if (*kind == "file") bound->second = read_file_binding(reader, member.value);
  else if (*kind == "log") bound->second = read_log_binding(reader, member.value);
  else if (*kind == "timer") reader.check_members(member.value, "a timer", {"use"});
  else {
    const std::string near = nearest(*kind, kUses);
    reader.complain(use->offset,
                    near.empty()
                        ? fmt::format("nothing can be used that is called {}; there is {}",
                                      shown(*use), listed(kUses))
                        : fmt::format("nothing can be used that is called {}; did you mean `{}`?",
                                      shown(*use), near));
  }
}

}  // namespace

Result<Bindings> read_adapter_file(const std::string& path, const std::string& text,
                                   const Environment& environment) {
  MemberReader reader(path, text, environment);
  Bindings bindings;
  const Result<LocatedJson> all = read_located_json(reader.text());
  if (!all) {
    reader.complain(static_cast<uint32_t>(all.error().offset), all.error().what);
    return reader.error();
  }
  if (all->kind != JsonKind::kObject) {
    reader.complain(
        all->offset,
        R"(an adapter file is an object like {"Infra": {"use": "exec", "program": ["./infra"]}})");
    return reader.error();
  }
  for (const LocatedMember& member : all->members) bind(reader, member, bindings);
  if (!reader.good()) return reader.error();
  bindings.secrets = reader.take_secrets();
  return bindings;
}

}  // namespace lexum
