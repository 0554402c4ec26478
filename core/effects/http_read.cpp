// A request, looked at before any is made.
#include <algorithm>

#include <fmt/format.h>

#include "effects/binding_read.h"
#include "effects/http_text.h"
#include "value/value.h"

namespace lexum {
namespace {

using Kind = LocatedJson::Kind;
using Names = std::vector<std::string>;

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

void read_url(MemberReader& reader, const LocatedJson& object, HttpBinding& binding) {
  static const std::string kLike = R"("https://example.org/orders/{id}")";
  const LocatedJson* const given = reader.need(object, "url", kLike);
  if (!reader.text(given, "url", kLike)) return;
  const size_t before = reader.complaints();
  reader.add(binding.url, *given, Template::Where::kUrl);
  if (reader.complaints() != before) return;
  // With something for each argument, it is an URL.
  ErrandArgs some;
  for (const std::string& name : binding.url.args()) some[name].text = "1";
  const Result<std::string> filled = binding.url.fill(some);
  LEXUM_CHECK(filled.ok());
  if (const Status good = check_url(*filled); !good) {
    reader.complain(given->offset, fmt::format("{} is no URL to ask: {}; write it like {}",
                                               shown(*given), good.error().what, kLike));
  }
}

void read_headers(MemberReader& reader, const LocatedJson& object, HttpBinding& binding) {
  static const Names kOurs = {"idempotency-key", "content-length", "transfer-encoding"};
  if (object.kind != Kind::kObject) {
    reader.complain(object.offset,
                    R"(`headers` is an object like {"Accept": "application/json"}, and )" +
                        shown(object) + " is none");
    return;
  }
  for (const LocatedMember& member : object.members) {
    if (!is_header_name(member.name)) {
      reader.complain(member.offset, fmt::format("{} cannot be the name of a header",
                                                 shortened(json_string(member.name), 60)));
      continue;
    }
    const std::string name = lower(member.name);
    if (std::ranges::find(kOurs, name) != kOurs.end()) {
      reader.complain(member.offset,
                      fmt::format("`{}` is always set by Lexum; leave it out", member.name));
      continue;
    }
    if (!reader.text(&member.value, member.name, "\"application/json\"")) continue;
    if (name == "content-type") binding.content_type.clear();
    HttpBinding::Header& header = binding.headers.emplace_back();
    header.name = member.name;
    reader.add(header.value, member.value, Template::Where::kText);
    ErrandArgs some;
    for (const std::string& arg : header.value.args()) some[arg] = {};
    if (!is_one_line(*header.value.fill(some))) {
      reader.complain(member.value.offset, "a header is one line, and so are the variables in it");
    }
  }
}

// JSON, in whose strings there are places. A string that is one place is that value.
void read_body_value(MemberReader& reader, const LocatedJson& value, Template& body) {
  if (value.kind == Kind::kText) {
    const std::string_view text = value.text;
    const bool is_one_place = text.size() > 2 && text.front() == '{' && text.back() == '}' &&
                              is_identifier(text.substr(1, text.size() - 2));
    if (is_one_place) {
      reader.add(body, value, Template::Where::kJsonValue);
      return;
    }
    body.add_words("\"");
    reader.add(body, value, Template::Where::kJsonString);
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
    read_body_value(reader, element, body);
    between = ",";
  }
  for (const LocatedMember& member : value.members) {
    body.add_words(between + json_string(member.name) + ":");
    read_body_value(reader, member.value, body);
    between = ",";
  }
  body.add_words(is_list ? "]" : "}");
}

void read_body(MemberReader& reader, const LocatedJson& object, HttpBinding& binding) {
  const std::string& method = binding.method;
  const LocatedJson* const given = MemberReader::find(object, "body");
  if (given == nullptr) {
    const bool wants_one = method == "POST" || method == "PUT" || method == "PATCH";
    binding.body_is = wants_one ? HttpBinding::BodyIs::kArgs : HttpBinding::BodyIs::kNone;
    if (wants_one) binding.content_type = "application/json";
    return;
  }
  if (method == "GET" || method == "HEAD") {
    reader.complain(given->offset,
                    fmt::format("{} has no body; put it into the `url`, or use \"POST\"", method));
    return;
  }
  binding.body_is = HttpBinding::BodyIs::kTemplate;
  if (given->kind == Kind::kText) {
    binding.content_type = "text/plain; charset=utf-8";
    reader.add(binding.body, *given, Template::Where::kText);
    return;
  }
  binding.content_type = "application/json";
  read_body_value(reader, *given, binding.body);
}

}  // namespace

HttpBinding read_http_binding(MemberReader& reader, const LocatedJson& object) {
  static const Names kMethods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
  reader.check_members(object, "http",
                       {"use", "method", "url", "headers", "body", "timeout_ms", "tries",
                        "backoff_ms", "follow", "at_once"});
  HttpBinding binding;
  const LocatedJson* const method = MemberReader::find(object, "method");
  binding.method = reader.text(method, "method", "\"POST\"").value_or("POST");
  if (std::ranges::find(kMethods, binding.method) == kMethods.end()) {
    reader.complain(method->offset, fmt::format("there is no method {}; there is {}",
                                                shown(*method), listed(kMethods)));
  }
  read_url(reader, object, binding);
  read_body(reader, object, binding);
  if (const LocatedJson* const list = MemberReader::find(object, "headers"))
    read_headers(reader, *list, binding);
  reader.number(object, "timeout_ms", 1, kTimeoutMsMax, binding.timeout_ms);
  reader.number(object, "tries", 1, kTriesMax, binding.tries);
  reader.number(object, "backoff_ms", 0, kTimeoutMsMax, binding.backoff_ms);
  reader.number(object, "at_once", 1, kAtOnceMax, binding.at_once);
  reader.yes(object, "follow", binding.follow);
  return binding;
}

}  // namespace lexum
