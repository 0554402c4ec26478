#include "syntax/diagnostic.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "syntax/utf8.h"

namespace lexum {

namespace {

// The widest piece of a source line that is shown, in code points.
constexpr size_t kShownMax = 96;
// Longer names are never misspellings of each other; it keeps the quadratic distance cheap.
constexpr size_t kNameMax = 128;

// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before_last(b.size() + 1);
  std::vector<size_t> last(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

// A piece of a line around a span, and the marks to go under it.
struct Excerpt {
  std::string text;
  std::string marks;
};

// `begin` and `length` count code points.
Excerpt excerpt(std::string_view line, size_t begin, size_t length) {
  constexpr size_t kLeftMax = kShownMax / 2;
  const size_t cut = begin > kLeftMax ? begin - kLeftMax : 0;
  size_t at = 0;
  for (size_t i = 0; i < cut && at < line.size(); ++i) at += decode_utf8(line, at).size;
  const size_t column = begin - cut + (cut > 0 ? 1 : 0);
  return {(cut > 0 ? "…" : "") + printable(line.substr(at), kShownMax),
          std::string(column, ' ') + std::string(std::clamp<size_t>(length, 1, kLeftMax), '^')};
}

size_t code_points(std::string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size(); ++count) at += decode_utf8(text, at).size;
  return count;
}

}  // namespace

void Diagnostics::report(Diagnostic diagnostic) {
  const bool error = info(diagnostic.code).severity == Severity::kError;
  ++(error ? errors_ : warnings_);
  if (kept_.size() < kKept) {
    kept_.push_back(std::move(diagnostic));
    return;
  }
  if (!error) return;
  // An error is worth more than a warning.
  const auto warning = std::find_if(kept_.rbegin(), kept_.rend(), [](const Diagnostic& kept) {
    return info(kept.code).severity == Severity::kWarning;
  });
  if (warning == kept_.rend()) return;
  kept_.erase(std::prev(warning.base()));
  kept_.push_back(std::move(diagnostic));
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> all = kept_;
  const auto place = [](const Diagnostic& d) {
    return std::tuple(d.span.begin, d.span.end, static_cast<uint16_t>(d.code));
  };
  std::ranges::stable_sort(all, {}, place);
  const auto same = [&](const Diagnostic& a, const Diagnostic& b) { return place(a) == place(b); };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

std::string nearest(std::string_view name, std::span<const std::string> candidates) {
  if (name.size() > kNameMax) return {};
  std::string best;
  size_t allowed = name.size() / 3;
  for (const std::string& candidate : candidates) {
    const size_t longer = std::max(candidate.size(), name.size());
    if (longer - std::min(candidate.size(), name.size()) > allowed) continue;
    const size_t distance = edit_distance(name, candidate);
    if (distance > allowed || distance == 0) continue;
    best = candidate;
    if (distance == 1) break;
    allowed = distance - 1;
  }
  return best;
}

std::string render(const Source& source, const Diagnostic& diagnostic, bool colour) {
  const CodeInfo& code = info(diagnostic.code);
  const bool error = code.severity == Severity::kError;
  const std::string_view strong = colour ? "\x1b[1m" : "";
  const std::string_view loud = !colour ? "" : error ? "\x1b[1;31m" : "\x1b[1;33m";
  const std::string_view plain = colour ? "\x1b[0m" : "";

  const Place place = source.place(diagnostic.span.begin);
  const std::string_view line = source.line(place.line);
  // Of a span over several lines the part on the first one is shown.
  const std::string_view marked =
      source.text(diagnostic.span).substr(0, source.text(diagnostic.span).find_first_of("\r\n"));
  const Excerpt shown = excerpt(line, place.column - 1, code_points(marked));
  const std::string number = std::to_string(place.line);
  const std::string margin = std::string(3 + number.size(), ' ') + " | ";

  std::string out;
  const auto add = [&out](auto&&... parts) { (out.append(parts), ...); };
  add(strong, source.name(), ":", number, ":", std::to_string(place.column), ":", plain, " ", loud,
      error ? "error " : "warning ", code.id, plain, ": ", strong, diagnostic.message, plain, "\n");
  add("   ", number, " | ", shown.text, "\n", margin, loud, shown.marks, plain, "\n");
  if (!diagnostic.help.empty()) add("   help: ", diagnostic.help, "\n");
  return out;
}

}  // namespace lexum
