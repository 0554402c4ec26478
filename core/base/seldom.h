// A list that is empty as a rule, and then takes no more than a pointer: for what there may be a
// million of.
#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace lexum {

template <class T>
class Seldom {
 public:
  Seldom() = default;
  Seldom(std::vector<T> items)
      : items_(items.empty() ? nullptr : std::make_unique<std::vector<T>>(std::move(items))) {}
  Seldom(const Seldom& o) : Seldom(o.list()) {}
  Seldom(Seldom&&) noexcept = default;
  Seldom& operator=(Seldom o) noexcept {
    items_ = std::move(o.items_);
    return *this;
  }
  ~Seldom() = default;

  [[nodiscard]] const std::vector<T>& list() const {
    static const std::vector<T> none;
    return items_ == nullptr ? none : *items_;
  }
  [[nodiscard]] bool empty() const { return list().empty(); }
  [[nodiscard]] size_t size() const { return list().size(); }
  [[nodiscard]] const T* begin() const { return items_ == nullptr ? nullptr : items_->data(); }
  [[nodiscard]] const T* end() const { return begin() + size(); }
  [[nodiscard]] T* begin() { return items_ == nullptr ? nullptr : items_->data(); }
  [[nodiscard]] T* end() { return begin() + size(); }
  // Requires that there is one.
  [[nodiscard]] const T& front() const { return list().front(); }
  [[nodiscard]] T& front() { return items_->front(); }
  [[nodiscard]] T& back() { return items_->back(); }

  void push_back(T item) {
    if (items_ == nullptr) items_ = std::make_unique<std::vector<T>>();
    items_->push_back(std::move(item));
  }
  void clear() { items_.reset(); }

  friend bool operator==(const Seldom& a, const Seldom& b) { return a.list() == b.list(); }

 private:
  std::unique_ptr<std::vector<T>> items_;
};

}  // namespace lexum
