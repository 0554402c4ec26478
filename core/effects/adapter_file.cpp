#include "effects/adapter_file.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "effects/http_text.h"
#include "effects/located_json.h"
#include "syntax/diagnostic.h"
#include "syntax/source.h"

namespace lexum {
namespace {

using Kind = LocatedJson::Kind;
using Names = std::vector<std::string>;

// "`a`, `b` and `c`".
std::string listed(const Names& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += "`" + names[i] + "`";
  }
  return text;
}

// What stands there, for complaints.
std::string shown(const LocatedJson& value) {
  if (value.kind == Kind::kList) return "a list";
  if (value.kind == Kind::kObject) return "an object";
  if (value.kind == Kind::kText) return shortened(json_string(value.text), 60);
  return value.text;
}

bool is_identifier(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto fits = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !text.empty() && letter(text[0]) && std::ranges::all_of(text, fits);
}

// "Infra" or "Infra.CreatePostgres".
bool is_adapter_name(std::string_view name) {
  const size_t dot = name.find('.');
  if (dot == std::string_view::npos) return is_identifier(name);
  return is_identifier(name.substr(0, dot)) && is_identifier(name.substr(dot + 1));
}

// What a header may be called: a token of HTTP.
bool is_header_name(std::string_view name) {
  static constexpr std::string_view kOther = "!#$%&'*+-.^_`|~";
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOther.find(c) != std::string_view::npos;
  };
  return !name.empty() && std::ranges::all_of(name, fits);
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool is_folder(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
}

bool is_program(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

std::string folder_around(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

class Reader {
 public:
  Reader(const std::string& path, const std::string& text, const Environment& environment)
      : source_(path, text), folder_(folder_around(path)), environment_(environment) {}

  Result<Bindings> read();

 private:
  static constexpr size_t kToldMax = 20;

  void complain(uint32_t offset, std::string what) { wrong_.insert({offset, std::move(what)}); }
  [[nodiscard]] Error all_that_is_wrong() const;

  void bind(const LocatedMember& member);
  ExecBinding exec(const LocatedJson& object);
  HttpBinding http(const LocatedJson& object);
  FileBinding file(const LocatedJson& object);
  LogBinding log(const LocatedJson& object);

  void url(const LocatedJson& object, HttpBinding& binding);
  void headers(const LocatedJson& list, HttpBinding& binding);
  void body(const LocatedJson& object, HttpBinding& binding);
  void body_value(const LocatedJson& value, Template& body);
  void program(const LocatedJson& list, ExecBinding& binding);
  void variables(const LocatedJson& object, ExecBinding& binding);

  // Complains of members that are none of `known`, and of those that are there twice.
  void check_members(const LocatedJson& object, const std::string& what, const Names& known);
  // Null if it is not there.
  static const LocatedJson* find(const LocatedJson& object, std::string_view name);
  // The same, and complains of that.
  const LocatedJson* need(const LocatedJson& object, const std::string& name,
                          const std::string& like);
  // None if it is something else, which is complained of, or not there.
  std::optional<std::string> text(const LocatedJson* value, const std::string& name,
                                  const std::string& like);
  void number(const LocatedJson& object, const std::string& name, int64_t min, int64_t max,
              int64_t& into);
  void yes(const LocatedJson& object, const std::string& name, bool& into);
  void fill(Template& into, const LocatedJson& from, Template::Where where);
  [[nodiscard]] std::string place_of(const std::string& named) const {
    return named.starts_with("/") ? named : folder_ + "/" + named;
  }

  const Source source_;
  const std::string folder_;
  const Environment& environment_;
  Bindings bindings_;
  std::set<std::pair<uint32_t, std::string>> wrong_;  // by place
};

Error Reader::all_that_is_wrong() const {
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

Result<Bindings> Reader::read() {
  const Result<LocatedJson> all = read_located_json(source_.text());
  if (!all) {
    complain(static_cast<uint32_t>(all.error().offset), all.error().what);
    return all_that_is_wrong();
  }
  if (all->kind != Kind::kObject) {
    complain(
        all->offset,
        R"(an adapter file is an object like {"Infra": {"use": "exec", "program": ["./infra"]}})");
    return all_that_is_wrong();
  }
  for (const LocatedMember& member : all->members) bind(member);
  if (!wrong_.empty()) return all_that_is_wrong();
  return std::move(bindings_);
}

void Reader::bind(const LocatedMember& member) {
  static const Names kUses = {"exec", "http", "timer", "file", "log"};
  if (!is_adapter_name(member.name)) {
    complain(member.offset, fmt::format("{} is no adapter; write `Infra` for all that it does, or "
                                        "`Infra.CreatePostgres` for one operation",
                                        shortened(json_string(member.name), 60)));
    return;
  }
  const auto [bound, is_new] = bindings_.by_name.try_emplace(member.name, TimerBinding{});
  if (!is_new) {
    complain(member.offset, fmt::format("`{}` is bound twice; keep one of them", member.name));
    return;
  }
  if (member.value.kind != Kind::kObject) {
    complain(
        member.value.offset,
        fmt::format(
            R"(`{}` is an object like {{"use": "exec", "program": ["./tool"]}}, and {} is none)",
            member.name, shown(member.value)));
    return;
  }
  const LocatedJson* const use = need(member.value, "use", "\"exec\"");
  const std::optional<std::string> kind = text(use, "use", "\"exec\"");
  if (!kind) return;
  if (*kind == "exec") bound->second = exec(member.value);
  else if (*kind == "http") bound->second = http(member.value);
  else if (*kind == "file") bound->second = file(member.value);
  else if (*kind == "log") bound->second = log(member.value);
  else if (*kind == "timer") check_members(member.value, "a timer", {"use"});
  else {
    const std::string near = nearest(*kind, kUses);
    complain(use->offset,
             near.empty() ? fmt::format("nothing can be used that is called {}; there is {}",
                                        shown(*use), listed(kUses))
                          : fmt::format("nothing can be used that is called {}; did you mean `{}`?",
                                        shown(*use), near));
  }
}

// ---- exec

ExecBinding Reader::exec(const LocatedJson& object) {
  check_members(object, "exec", {"use", "program", "env", "timeout_ms", "at_once"});
  ExecBinding binding;
  if (const LocatedJson* const list = need(object, "program", R"(["./tool", "argument"])")) {
    program(*list, binding);
  }
  variables(object, binding);
  number(object, "timeout_ms", 1, kTimeoutMsMax, binding.timeout_ms);
  number(object, "at_once", 1, kAtOnceMax, binding.at_once);
  return binding;
}

void Reader::program(const LocatedJson& list, ExecBinding& binding) {
  if (list.kind != Kind::kList || list.elements.empty()) {
    complain(
        list.offset,
        fmt::format(
            R"(`program` is a list like ["./tool", "argument"], and {} is none; no shell reads it)",
            list.elements.empty() && list.kind == Kind::kList ? "an empty list" : shown(list)));
    return;
  }
  for (const LocatedJson& word : list.elements) {
    if (word.kind != Kind::kText || word.text.find('\0') != std::string::npos) {
      complain(word.offset, "a word of `program` is a string, and " + shown(word) + " is none");
      return;
    }
    binding.argv.push_back(word.text);
  }
  const std::string& name = binding.argv.front();
  const LocatedJson& where = list.elements.front();
  if (name.find('/') != std::string::npos) {
    binding.path = place_of(name);
    if (is_program(binding.path)) return;
    struct stat about {};
    const bool is_there = ::stat(binding.path.c_str(), &about) == 0;
    complain(where.offset,
             is_there
                 ? fmt::format("{} is no program that may be run; `chmod +x` it, or name another "
                               "one",
                               binding.path)
                 : fmt::format("there is no program {}; paths begin in the folder of this file",
                               binding.path));
    return;
  }
  const std::string path = environment_("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
  for (size_t at = 0; !name.empty() && at <= path.size();) {
    const size_t end = std::min(path.find(':', at), path.size());
    const std::string folder = path.substr(at, end - at);
    binding.path = (folder.empty() ? "." : folder) + "/" + name;
    if (is_program(binding.path)) return;
    at = end + 1;
  }
  complain(where.offset, fmt::format("there is no program {} in PATH; one beside this file is "
                                     "called `./{}`",
                                     shown(where), shortened(readable(name), 60)));
}

void Reader::variables(const LocatedJson& object, ExecBinding& binding) {
  if (const auto path = environment_("PATH")) binding.env.push_back("PATH=" + *path);
  const LocatedJson* const list = find(object, "env");
  if (list == nullptr) return;
  if (list->kind != Kind::kList) {
    complain(list->offset, R"(`env` is a list of variables like ["DB_PASSWORD"], and )" +
                               shown(*list) + " is none");
    return;
  }
  for (const LocatedJson& one : list->elements) {
    if (one.kind != Kind::kText || !is_identifier(one.text)) {
      complain(one.offset, R"(`env` has names of variables like "DB_PASSWORD", and )" + shown(one) +
                               " is none");
      continue;
    }
    if (one.text == "PATH") continue;
    const std::optional<std::string> value = environment_(one.text);
    if (!value) {
      complain(one.offset, fmt::format("the environment has no `{}`; set it before the run, or do "
                                       "not pass it on",
                                       one.text));
      continue;
    }
    bindings_.secrets.learn(one.text, *value);
    binding.env.push_back(one.text + "=" + *value);
  }
}

// ---- http

HttpBinding Reader::http(const LocatedJson& object) {
  static const Names kMethods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
  check_members(object, "http",
                {"use", "method", "url", "headers", "body", "timeout_ms", "tries", "backoff_ms",
                 "follow", "at_once"});
  HttpBinding binding;
  const LocatedJson* const method = find(object, "method");
  binding.method = text(method, "method", "\"POST\"").value_or("POST");
  if (std::ranges::find(kMethods, binding.method) == kMethods.end()) {
    complain(method->offset,
             fmt::format("there is no method {}; there is {}", shown(*method), listed(kMethods)));
  }
  url(object, binding);
  body(object, binding);
  if (const LocatedJson* const list = find(object, "headers")) headers(*list, binding);
  number(object, "timeout_ms", 1, kTimeoutMsMax, binding.timeout_ms);
  number(object, "tries", 1, kTriesMax, binding.tries);
  number(object, "backoff_ms", 0, kTimeoutMsMax, binding.backoff_ms);
  number(object, "at_once", 1, kAtOnceMax, binding.at_once);
  yes(object, "follow", binding.follow);
  return binding;
}

void Reader::url(const LocatedJson& object, HttpBinding& binding) {
  static const std::string kLike = R"("https://example.org/orders/{id}")";
  const LocatedJson* const given = need(object, "url", kLike);
  if (!text(given, "url", kLike)) return;
  const size_t before = wrong_.size();
  fill(binding.url, *given, Template::Where::kUrl);
  if (wrong_.size() != before) return;
  // With something for each argument, it is an URL.
  ErrandArgs some;
  for (const std::string& name : binding.url.args()) some[name].text = "1";
  const Result<std::string> filled = binding.url.fill(some);
  LEXUM_CHECK(filled.ok());
  if (const Status good = check_url(*filled); !good) {
    complain(given->offset, fmt::format("{} is no URL to ask: {}; write it like {}", shown(*given),
                                        good.error().what, kLike));
  }
}

void Reader::headers(const LocatedJson& object, HttpBinding& binding) {
  static const Names kOurs = {"idempotency-key", "content-length", "transfer-encoding"};
  if (object.kind != Kind::kObject) {
    complain(object.offset, R"(`headers` is an object like {"Accept": "application/json"}, and )" +
                                shown(object) + " is none");
    return;
  }
  for (const LocatedMember& member : object.members) {
    if (!is_header_name(member.name)) {
      complain(member.offset, fmt::format("{} cannot be the name of a header",
                                          shortened(json_string(member.name), 60)));
      continue;
    }
    const std::string name = lower(member.name);
    if (std::ranges::find(kOurs, name) != kOurs.end()) {
      complain(member.offset,
               fmt::format("`{}` is always set by Lexum; leave it out", member.name));
      continue;
    }
    if (!text(&member.value, member.name, "\"application/json\"")) continue;
    if (name == "content-type") binding.content_type.clear();
    HttpBinding::Header& header = binding.headers.emplace_back();
    header.name = member.name;
    fill(header.value, member.value, Template::Where::kText);
    ErrandArgs some;
    for (const std::string& arg : header.value.args()) some[arg] = {};
    if (!is_one_line(*header.value.fill(some))) {
      complain(member.value.offset, "a header is one line, and so are the variables in it");
    }
  }
}

void Reader::body(const LocatedJson& object, HttpBinding& binding) {
  const std::string& method = binding.method;
  const LocatedJson* const given = find(object, "body");
  if (given == nullptr) {
    const bool wants_one = method == "POST" || method == "PUT" || method == "PATCH";
    binding.body_is = wants_one ? HttpBinding::BodyIs::kArgs : HttpBinding::BodyIs::kNone;
    if (wants_one) binding.content_type = "application/json";
    return;
  }
  if (method == "GET" || method == "HEAD") {
    complain(given->offset,
             fmt::format("{} has no body; put it into the `url`, or use \"POST\"", method));
    return;
  }
  binding.body_is = HttpBinding::BodyIs::kTemplate;
  if (given->kind == Kind::kText) {
    binding.content_type = "text/plain; charset=utf-8";
    fill(binding.body, *given, Template::Where::kText);
    return;
  }
  binding.content_type = "application/json";
  body_value(*given, binding.body);
}

// JSON, in whose strings there are places. A string that is one place is that value.
void Reader::body_value(const LocatedJson& value, Template& body) {
  if (value.kind == Kind::kText) {
    const std::string_view text = value.text;
    const bool is_one_place = text.size() > 2 && text.front() == '{' && text.back() == '}' &&
                              is_identifier(text.substr(1, text.size() - 2));
    if (is_one_place) {
      fill(body, value, Template::Where::kJsonValue);
      return;
    }
    body.add_words("\"");
    fill(body, value, Template::Where::kJsonString);
    body.add_words("\"");
    return;
  }
  if (value.kind != Kind::kList && value.kind != Kind::kObject) {
    body.add_words(value.text);
    return;
  }
  const bool is_list = value.kind == Kind::kList;
  body.add_words(is_list ? "[" : "{");
  const char* between = "";
  for (const LocatedJson& element : value.elements) {
    body.add_words(between);
    body_value(element, body);
    between = ",";
  }
  for (const LocatedMember& member : value.members) {
    body.add_words(between + json_string(member.name) + ":");
    body_value(member.value, body);
    between = ",";
  }
  body.add_words(is_list ? "]" : "}");
}

// ---- file and log

FileBinding Reader::file(const LocatedJson& object) {
  check_members(object, "file", {"use", "root"});
  const LocatedJson* const root = need(object, "root", "\"./files\"");
  const std::optional<std::string> named = text(root, "root", "\"./files\"");
  if (!named) return {};
  const std::string place = place_of(*named);
  if (named->empty() || !is_folder(place)) {
    complain(root->offset, fmt::format("{} is no folder; make it, or name one that is there (paths "
                                       "begin in the folder of this file)",
                                       named->empty() ? "\"\"" : place));
  }
  return {.root = place};
}

LogBinding Reader::log(const LocatedJson& object) {
  check_members(object, "log", {"use", "to"});
  const LocatedJson* const to = find(object, "to");
  const std::optional<std::string> named = text(to, "to", "\"stderr\"");
  if (!named || *named == "stderr") return {};
  const std::string place = place_of(*named);
  if (named->empty() || is_folder(place) || !is_folder(folder_around(place))) {
    complain(to->offset,
             fmt::format("{} cannot be a log; name a file in a folder that is there, or "
                         "\"stderr\"",
                         named->empty() ? "\"\"" : place));
  }
  return {.to = place};
}

// ---- members

void Reader::check_members(const LocatedJson& object, const std::string& what, const Names& known) {
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

const LocatedJson* Reader::find(const LocatedJson& object, std::string_view name) {
  const auto found = std::ranges::find(object.members, name, &LocatedMember::name);
  return found == object.members.end() ? nullptr : &found->value;
}

const LocatedJson* Reader::need(const LocatedJson& object, const std::string& name,
                                const std::string& like) {
  const LocatedJson* const found = find(object, name);
  if (found == nullptr) {
    complain(object.offset, fmt::format(R"(here `{}` is missing; add "{}": {})", name, name, like));
  }
  return found;
}

std::optional<std::string> Reader::text(const LocatedJson* value, const std::string& name,
                                        const std::string& like) {
  if (value == nullptr) return std::nullopt;
  const bool has_end = value->text.find('\0') != std::string::npos;
  if (value->kind == Kind::kText && !has_end) return value->text;
  complain(value->offset,
           fmt::format("`{}` is a string like {}, and {} is none", name, like, shown(*value)));
  return std::nullopt;
}

void Reader::number(const LocatedJson& object, const std::string& name, int64_t min, int64_t max,
                    int64_t& into) {
  const LocatedJson* const value = find(object, name);
  if (value == nullptr) return;
  if (value->kind == Kind::kInt && value->number >= min && value->number <= max) {
    into = value->number;
    return;
  }
  complain(value->offset, fmt::format("`{}` is a whole number from {} to {}, and {} is none", name,
                                      min, max, shown(*value)));
}

void Reader::yes(const LocatedJson& object, const std::string& name, bool& into) {
  const LocatedJson* const value = find(object, name);
  if (value == nullptr) return;
  if (value->kind == Kind::kBool) into = value->yes;
  else
    complain(value->offset,
             fmt::format("`{}` is true or false, and {} is neither", name, shown(*value)));
}

void Reader::fill(Template& into, const LocatedJson& from, Template::Where where) {
  const Status added = into.add(from.text, where, environment_, bindings_.secrets);
  if (!added) complain(from.offset, added.error().what);
}

}  // namespace

Result<Bindings> read_adapter_file(const std::string& path, const std::string& text,
                                   const Environment& environment) {
  return Reader(path, text, environment).read();
}

}  // namespace lexum
