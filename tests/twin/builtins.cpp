#include "twin/builtins.h"

#include <algorithm>

#include <re2/re2.h>

#include "base/check.h"

namespace lexum::twin {
namespace {

// ------------------------------------------------------------------------------------------------
// numbers

Value arithmetic(Operator op, int64_t a, int64_t b) {
  int64_t result = 0;
  bool overflow = false;
  if (op == Operator::kAdd) overflow = __builtin_add_overflow(a, b, &result);
  if (op == Operator::kSubtract) overflow = __builtin_sub_overflow(a, b, &result);
  if (op == Operator::kMultiply) overflow = __builtin_mul_overflow(a, b, &result);
  if (op == Operator::kDivide || op == Operator::kRemainder) {
    if (b == 0) throw Fault{"F002"};
    if (b == -1) {  // INT64_MIN has no opposite, but its remainder is 0
      return op == Operator::kRemainder ? integer(0) : negate(integer(a));
    }
    result = op == Operator::kDivide ? a / b : a % b;
  }
  if (overflow) throw Fault{"F001"};
  return integer(result);
}

Value compare(Operator op, const Value& a, const Value& b) {
  switch (op) {
    case Operator::kEqual:
      return boolean(a == b);
    case Operator::kUnequal:
      return boolean(a != b);
    case Operator::kLess:
      return boolean(a < b);
    case Operator::kLessEqual:
      return boolean(!(b < a));
    case Operator::kGreater:
      return boolean(b < a);
    default:
      return boolean(!(a < b));
  }
}

bool matches(const std::string& text, const std::string& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  return RE2::PartialMatch(text, RE2(pattern, options));
}

// ------------------------------------------------------------------------------------------------
// strings

bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

int64_t code_points(const std::string& text) {
  return std::count_if(text.begin(), text.end(), starts_code_point);
}

std::string mapped(std::string text, char from, char to, int distance) {
  for (char& c : text) {
    if (c >= from && c <= to) c = static_cast<char>(c + distance);
  }
  return text;
}

std::string trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Value split(const std::string& text, const std::string& separator) {
  Value parts = list({});
  if (separator.empty()) {
    for (const char c : text) {
      if (starts_code_point(c)) parts.items.push_back(string(""));
      parts.items.back().text += c;
    }
    return parts;
  }
  size_t begin = 0;
  for (size_t at = text.find(separator); at != std::string::npos;
       at = text.find(separator, begin)) {
    parts.items.push_back(string(text.substr(begin, at - begin)));
    begin = at + separator.size();
  }
  parts.items.push_back(string(text.substr(begin)));
  return parts;
}

std::string replaced(const std::string& text, const std::string& from, const std::string& to) {
  if (from.empty()) return text;
  std::string out;
  size_t begin = 0;
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, begin)) {
    out += text.substr(begin, at - begin) + to;
    begin = at + from.size();
  }
  return out + text.substr(begin);
}

Value string_method(const std::string& text, const std::string& name,
                    const std::vector<Value>& args) {
  if (name == "upper") return string(mapped(text, 'a', 'z', 'A' - 'a'));
  if (name == "lower") return string(mapped(text, 'A', 'Z', 'a' - 'A'));
  if (name == "trim") return string(trimmed(text));
  const std::string& first = args.at(0).text;
  if (name == "split") return split(text, first);
  if (name == "contains") return boolean(text.find(first) != std::string::npos);
  if (name == "starts_with") return boolean(text.starts_with(first));
  if (name == "ends_with") return boolean(text.ends_with(first));
  LEXUM_CHECK(name == "replace");
  return string(replaced(text, first, args.at(1).text));
}

// ------------------------------------------------------------------------------------------- lists
// and maps

Value sliced(const Value& whole, int64_t begin, int64_t end) {
  if (begin < 0 || end < begin || end > static_cast<int64_t>(whole.items.size())) {
    throw Fault{"F003"};
  }
  return list({whole.items.begin() + begin, whole.items.begin() + end});
}

Value list_method(Value receiver, const std::string& name, const std::vector<Value>& args) {
  std::vector<Value>& items = receiver.items;
  if (name == "sorted") {
    std::sort(items.begin(), items.end());
    return receiver;
  }
  if (name == "slice") return sliced(receiver, args.at(0).number, args.at(1).number);
  const auto at = std::find(items.begin(), items.end(), args.at(0));
  if (name == "contains") return boolean(at != items.end());
  if (name == "add") {
    items.push_back(args.at(0));
  } else {
    LEXUM_CHECK(name == "remove");
    if (at != items.end()) items.erase(at);
  }
  return receiver;
}

Value map_method(Value receiver, const std::string& name, const Value& key) {
  const Value* found = find(receiver, key);
  if (name == "has") return boolean(found != nullptr);
  if (name == "get") return found == nullptr ? Value() : *found;
  LEXUM_CHECK(name == "remove");
  if (found == nullptr) return receiver;
  const auto at = static_cast<std::ptrdiff_t>(place_of(receiver, key));
  receiver.keys.erase(receiver.keys.begin() + at);
  receiver.items.erase(receiver.items.begin() + at);
  return receiver;
}

// ------------------------------------------------------------------------------------------------
// int(s)

Value parsed(const std::string& text) {
  const bool negative = text.starts_with('-');
  const std::string digits = text.substr(negative ? 1 : 0);
  if (digits.empty()) return {};
  int64_t sum = 0;  // kept negative: INT64_MIN has no opposite
  for (const char c : digits) {
    if (c < '0' || c > '9') return {};
    if (__builtin_mul_overflow(sum, int64_t{10}, &sum) ||
        __builtin_sub_overflow(sum, int64_t{c - '0'}, &sum)) {
      return {};
    }
  }
  if (!negative && sum == INT64_MIN) return {};
  return integer(negative ? sum : -sum);
}

}  // namespace

Value apply(Operator op, const Value& a, const Value& b, const Meter& meter) {
  if (op == Operator::kMatches) {
    meter(extent(a), 0);
    return boolean(matches(a.text, b.text));
  }
  if (op >= Operator::kEqual && op <= Operator::kGreaterEqual) {
    // the longer of its two sides
    meter(std::max(walk_to_compare(a), walk_to_compare(b)), 0);
    return compare(op, a, b);
  }
  if (a.kind == Kind::kString) {
    meter(0, a.text.size() + b.text.size());
    return string(a.text + b.text);
  }
  return arithmetic(op, a.number, b.number);
}

Value negate(const Value& a) { return arithmetic(Operator::kSubtract, 0, a.number); }

Value member(const Value& receiver, const std::string& name, const Meter& meter) {
  if (receiver.kind == Kind::kRecord) return *find(receiver, string(name));
  if (name == "length") {
    return integer(receiver.kind == Kind::kString ? code_points(receiver.text)
                                                  : static_cast<int64_t>(receiver.items.size()));
  }
  if (name == "first") return receiver.items.empty() ? Value() : receiver.items.front();
  if (name == "last") return receiver.items.empty() ? Value() : receiver.items.back();
  meter(extent(receiver), extent(receiver));
  if (name == "keys") return list(receiver.keys);
  LEXUM_CHECK(name == "values");
  return list(receiver.items);
}

namespace {

bool is_look_up(const std::string& name) { return name == "has" || name == "get"; }

size_t made_by(const std::string& name, const Value& result) {
  return is_look_up(name) ? 0 : extent(result);
}

size_t walk_of(const Value& receiver, const std::string& name, const std::vector<Value>& args) {
  if (receiver.kind == Kind::kString) return extent(receiver);
  if (name == "sorted") return walk_to_compare(receiver);
  if (receiver.kind == Kind::kList && name != "contains" && name != "remove") {
    return extent(receiver);
  }
  return std::max(is_look_up(name) ? 0 : extent(receiver), walk_to_find(args.at(0)));
}

}  // namespace

Value method(const Value& receiver, const std::string& name, const std::vector<Value>& args,
             const Meter& meter) {
  Value result;
  if (receiver.kind == Kind::kString) result = string_method(receiver.text, name, args);
  if (receiver.kind == Kind::kList) result = list_method(receiver, name, args);
  if (receiver.kind == Kind::kMap) result = map_method(receiver, name, args.at(0));
  meter(walk_of(receiver, name, args), made_by(name, result));
  return result;
}

const Value& element(const Value& receiver, const Value& index) {
  if (receiver.kind == Kind::kMap) {
    const Value* found = find(receiver, index);
    if (found == nullptr) throw Fault{"F003"};
    return *found;
  }
  if (index.number < 0 || index.number >= static_cast<int64_t>(receiver.items.size())) {
    throw Fault{"F003"};
  }
  return receiver.items[static_cast<size_t>(index.number)];
}

bool is_builtin(const std::string& name) {
  return name == "str" || name == "int" || name == "min" || name == "max" || name == "abs";
}

Value builtin(const std::string& name, const std::vector<Value>& args, const Meter& meter) {
  const Value& first = args.at(0);
  if (name == "min") return args.at(1) < first ? args[1] : first;
  if (name == "max") return first < args.at(1) ? args[1] : first;
  if (name == "abs") return first.number < 0 ? negate(first) : first;
  Value result = name == "str" ? string(display(first)) : parsed(first.text);
  meter(extent(first), extent(result));
  return result;
}

}  // namespace lexum::twin
