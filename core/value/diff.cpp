#include "value/diff.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace lexum {

namespace {

using Row = std::vector<const Node*>;
// In a gap of a leaf or two, each item is compared with each.
constexpr size_t kComparisonsMax = 64 * 64;

using Match = std::pair<size_t, size_t>;  // index in the one row, index in the other

size_t size_of(const Row& row) {
  size_t size = 0;
  for (const Node* node : row) size += node->measure.size;
  return size;
}

// A longest choice of matches that ascends in both indices; they come ascending in the first.
std::vector<Match> ascending(const std::vector<Match>& all) {
  std::vector<size_t> ends;                  // ends[k]: the best last match of a choice of k + 1
  std::vector<size_t> previous(all.size());  // the match before it in that choice, or all.size()
  for (size_t i = 0; i < all.size(); ++i) {
    const auto end =
        std::lower_bound(ends.begin(), ends.end(), all[i].second,
                         [&all](size_t match, size_t index) { return all[match].second < index; });
    previous[i] = end == ends.begin() ? all.size() : *(end - 1);
    if (end == ends.end()) ends.push_back(i);
    else *end = i;
  }
  std::vector<Match> chosen;
  for (size_t i = ends.empty() ? all.size() : ends.back(); i < all.size(); i = previous[i]) {
    chosen.push_back(all[i]);
  }
  std::reverse(chosen.begin(), chosen.end());
  return chosen;
}

// The nodes that two rows share, as far as they are in one order in both.
std::vector<Match> shared(const Row& a, const Row& b) {
  const size_t least = std::min(a.size(), b.size());
  size_t front = 0;
  while (front < least && a[front] == b[front]) ++front;
  size_t back = 0;
  while (back < least - front && a[a.size() - 1 - back] == b[b.size() - 1 - back]) ++back;

  std::vector<std::pair<const Node*, size_t>> places;
  for (size_t j = front; j < b.size() - back; ++j) places.emplace_back(b[j], j);
  std::sort(places.begin(), places.end(), [](const auto& x, const auto& y) {
    return x.first == y.first ? x.second < y.second : std::less<>()(x.first, y.first);
  });
  std::vector<Match> middle;
  for (size_t i = front; i < a.size() - back; ++i) {
    const auto place = std::lower_bound(
        places.begin(), places.end(), a[i],
        [](const auto& x, const Node* node) { return std::less<>()(x.first, node); });
    if (place != places.end() && place->first == a[i]) middle.emplace_back(i, place->second);
  }

  std::vector<Match> matches;
  for (size_t i = 0; i < front; ++i) matches.emplace_back(i, i);
  for (const Match& match : ascending(middle)) matches.push_back(match);
  for (size_t i = back; i > 0; --i) matches.emplace_back(a.size() - i, b.size() - i);
  return matches;
}

// How many items two rows of leaves have in common at their start.
template <class T>
size_t common_start(const Row& a, const Row& b) {
  size_t common = 0;
  std::span<const T> x;
  std::span<const T> y;
  for (size_t i = 0, j = 0;;) {
    while (x.empty() && i < a.size()) x = items<T>(*a[i++]);
    while (y.empty() && j < b.size()) y = items<T>(*b[j++]);
    const size_t count = std::min(x.size(), y.size());
    const auto differ = std::mismatch(x.begin(), x.begin() + count, y.begin());
    const auto same = static_cast<size_t>(differ.first - x.begin());
    common += same;
    if (count == 0 || same < count) return common;
    x = x.subspan(count);
    y = y.subspan(count);
  }
}

// The same at their end, of so many items at most.
template <class T>
size_t common_end(const Row& a, const Row& b, size_t most) {
  size_t common = 0;
  std::span<const T> x;
  std::span<const T> y;
  for (size_t i = a.size(), j = b.size(); common < most;) {
    while (x.empty() && i > 0) x = items<T>(*a[--i]);
    while (y.empty() && j > 0) y = items<T>(*b[--j]);
    if (x.empty() || y.empty() || !(x.back() == y.back())) break;
    ++common;
    x = x.first(x.size() - 1);
    y = y.first(y.size() - 1);
  }
  return common;
}

// Some of the items of a row of leaves.
template <class T>
std::vector<const T*> pick(const Row& row, size_t begin, size_t count) {
  std::vector<const T*> picked;
  for (const Node* leaf : row) {
    for (const T& item : items<T>(*leaf)) {
      if (begin > 0) --begin;
      else if (picked.size() < count) picked.push_back(&item);
    }
  }
  return picked;
}

// Equal, or as good as: what lies inside is not looked at.
bool look_equal(const Value& a, const Value& b) {
  return a.identical(b) || (a.node() && b.node() && a.digest() == b.digest());
}
bool look_equal(char a, char b) { return a == b; }
bool look_equal(const Entry& a, const Entry& b) {
  return look_equal(a.key, b.key) && look_equal(a.value, b.value);
}

// Whether there is a byte at that index of the row, and it continues a code point.
bool continues(const Row& row, size_t index) {
  for (const Node* leaf : row) {
    if (index < leaf->count) {
      return continues_code_point(items<char>(*leaf)[index]);
    }
    index -= leaf->count;
  }
  return false;
}

}  // namespace

template <class T>
ValueDiff<T>::ValueDiff(const Node* before, const Node* after) {
  const auto row = [](const Node* root) { return root == nullptr ? Row() : Row{root}; };
  compare(row(before), 0, row(after), 0);
}

template <class T>
typename ValueDiff<T>::Row ValueDiff<T>::children(const Row& row) {
  nodes_opened_ += row.size();
  Row below;
  for (const Node* node : row) {
    for (const NodeLink& link : items<NodeLink>(*node)) below.push_back(&*link.child);
  }
  return below;
}

template <class T>
void ValueDiff<T>::compare(Row before, size_t before_at, Row after, size_t after_at) {
  if (!before.empty() && !after.empty()) {
    while (before[0]->level > after[0]->level) before = children(before);
    while (after[0]->level > before[0]->level) after = children(after);
  }
  size_t i = 0;
  size_t j = 0;
  const auto gap = [&](size_t before_end, size_t after_end) {
    const Row left(before.begin() + i, before.begin() + before_end);
    const Row right(after.begin() + j, after.begin() + after_end);
    compare_gap(left, before_at, right, after_at);
    before_at += size_of(left);
    after_at += size_of(right);
  };
  for (const auto& [in_before, in_after] : shared(before, after)) {
    gap(in_before, in_after);
    before_at += before[in_before]->measure.size;
    after_at += before[in_before]->measure.size;
    i = in_before + 1;
    j = in_after + 1;
  }
  gap(before.size(), after.size());
}

template <class T>
void ValueDiff<T>::compare_gap(const Row& before, size_t before_at, const Row& after,
                               size_t after_at) {
  if (before.empty() && after.empty()) return;
  if (before.empty() || after.empty()) {
    edits_.push_back({before_at, size_of(before), after_at, size_of(after)});
  } else if (before[0]->level == 0) {
    compare_leaves(before, before_at, after, after_at);
  } else {
    compare(children(before), before_at, children(after), after_at);
  }
}

template <class T>
void ValueDiff<T>::compare_leaves(const Row& before, size_t before_at, const Row& after,
                                  size_t after_at) {
  nodes_opened_ += before.size() + after.size();
  const size_t removed = size_of(before);
  const size_t added = size_of(after);
  size_t start = common_start<T>(before, after);
  size_t end = common_end<T>(before, after, std::min(removed, added) - start);
  if constexpr (std::is_same_v<T, char>) {
    while (start > 0 && (continues(before, start) || continues(after, start))) --start;
    while (end > 0 && continues(before, removed - end)) --end;
  }
  const Edit all{before_at + start, removed - start - end, after_at + start, added - start - end};
  if constexpr (!std::is_same_v<T, char>) {
    if (all.removed * all.added <= kComparisonsMax) {
      return compare_items(pick<T>(before, start, all.removed), pick<T>(after, start, all.added),
                           all);
    }
  }
  if (all.removed + all.added != 0) edits_.push_back(all);
}

template <class T>
void ValueDiff<T>::compare_items(const std::vector<const T*>& before,
                                 const std::vector<const T*>& after, const Edit& all) {
  std::vector<Match> equal;  // of one item, the last first: so ascending() takes at most one
  for (size_t i = 0; i < before.size(); ++i) {
    for (size_t j = after.size(); j-- > 0;) {
      if (look_equal(*before[i], *after[j])) equal.emplace_back(i, j);
    }
  }
  std::vector<Match> kept = ascending(equal);
  std::erase_if(kept, [&](const Match& m) { return !(*before[m.first] == *after[m.second]); });
  kept.emplace_back(before.size(), after.size());
  size_t i = 0;
  size_t j = 0;
  for (const auto& [in_before, in_after] : kept) {
    if (i != in_before || j != in_after) {
      edits_.push_back({all.before_at + i, in_before - i, all.after_at + j, in_after - j});
    }
    i = in_before + 1;
    j = in_after + 1;
  }
}

template class ValueDiff<char>;
template class ValueDiff<Value>;
template class ValueDiff<Entry>;

}  // namespace lexum
