#include "effects/member_reader.h"

#include <algorithm>

#include <fmt/format.h>
#include <sys/stat.h>

#include "syntax/diagnostic.h"
#include "value/value.h"

namespace lexum {
namespace {

using JsonKind = LocatedJson::Kind;
using Names = std::vector<std::string>;

}  // namespace

MemberReader::MemberReader(const std::string& path, const std::string& text,
                           const Environment& environment)
    : source_(path, text), folder_(folder_around(path)), environment_(environment) {}

Error MemberReader::error() const {
  std::string all;
  size_t told = 0;
  for (const auto& [offset, what] : wrong_) {
    if (told++ == kToldMax) {
      all += fmt::format("\nand {} more", wrong_.size() - kToldMax);
      break;
    }
    const Place place = source_.place(offset);
    all += fmt::format("{}{}:{}:{}: {}", all.empty() ? "" : "\n", source_.name(), place.line,
                       place.column, what);
  }
  return {.code = ErrorCode::kMismatch, .what = all, .offset = wrong_.begin()->first};
}

void MemberReader::check_members(const LocatedJson& object, const std::string& what,
                                 const Names& known) {
  std::set<std::string> seen;
  for (const LocatedMember& member : object.members) {
    if (std::ranges::find(known, member.name) == known.end()) {
      const std::string near = nearest(member.name, known);
      complain(member.offset,
               near.empty()
                   ? fmt::format("{} has no {}; there is {}", what,
                                 shortened(json_string(member.name), 60), listed(known))
                   : fmt::format("{} has no `{}`; did you mean `{}`?", what, member.name, near));
    } else if (!seen.insert(member.name).second) {
      complain(member.offset, fmt::format("`{}` is there twice; keep one of them", member.name));
    }
  }
}

const LocatedJson* MemberReader::find(const LocatedJson& object, std::string_view name) {
  const auto found = std::ranges::find(object.members, name, &LocatedMember::name);
  return found == object.members.end() ? nullptr : &found->value;
}

const LocatedJson* MemberReader::need(const LocatedJson& object, const std::string& name,
                                      const std::string& like) {
  const LocatedJson* const found = find(object, name);
  if (found == nullptr) {
    complain(object.offset, fmt::format(R"(here `{}` is missing; add "{}": {})", name, name, like));
  }
  return found;
}

std::optional<std::string> MemberReader::text(const LocatedJson* value, const std::string& name,
                                              const std::string& like) {
  if (value == nullptr) return std::nullopt;
  const bool has_end = value->text.find('\0') != std::string::npos;
  if (value->kind == JsonKind::kText && !has_end) return value->text;
  complain(value->offset,
           fmt::format("`{}` is a string like {}, and {} is none", name, like, shown(*value)));
  return std::nullopt;
}

void MemberReader::number(const LocatedJson& object, const std::string& name, int64_t min,
                          int64_t max, int64_t& into) {
  const LocatedJson* const value = find(object, name);
  if (value == nullptr) return;
  if (value->kind == JsonKind::kInt && value->number >= min && value->number <= max) {
    into = value->number;
    return;
  }
  complain(value->offset, fmt::format("`{}` is a whole number from {} to {}, and {} is none", name,
                                      min, max, shown(*value)));
}

void MemberReader::yes(const LocatedJson& object, const std::string& name, bool& into) {
  const LocatedJson* const value = find(object, name);
  if (value == nullptr) return;
  if (value->kind == JsonKind::kBool) into = value->yes;
  else
    complain(value->offset,
             fmt::format("`{}` is true or false, and {} is neither", name, shown(*value)));
}

void MemberReader::add(Template& into, const LocatedJson& from, Template::Where where) {
  const Status added = into.add(from.text, where, environment_, secrets_);
  if (!added) complain(from.offset, added.error().what);
}

std::optional<std::string> MemberReader::secret(const std::string& name) {
  std::optional<std::string> value = environment_(name);
  if (value) secrets_.learn(name, *value);
  return value;
}

std::string MemberReader::place_of(const std::string& named) const {
  return named.starts_with("/") ? named : folder_ + "/" + named;
}

std::string listed(const Names& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += "`" + names[i] + "`";
  }
  return text;
}

std::string shown(const LocatedJson& value) {
  if (value.kind == JsonKind::kList) return "a list";
  if (value.kind == JsonKind::kObject) return "an object";
  if (value.kind == JsonKind::kText) return shortened(json_string(value.text), 60);
  return value.text;
}

bool is_identifier(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto fits = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !text.empty() && letter(text[0]) && std::ranges::all_of(text, fits);
}

bool is_folder(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
}

std::string folder_around(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace lexum
