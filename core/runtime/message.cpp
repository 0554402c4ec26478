#include "runtime/message.h"

#include <new>

namespace lexum {

MessagePool::~MessagePool() {
  for (Message*& first : spare_) {
    while (first != nullptr) ::operator delete(std::exchange(first, first->next));
  }
}

void MessagePool::release_all(Message* first) {
  while (first != nullptr) release(std::exchange(first, first->next));
}

MessageImage image_of(const Message& message) {
  return {message.routine, message.origin, {message.args().begin(), message.args().end()}};
}

// Most mailboxes are far smaller than the square of kStep: then a power is a product of two that
// are known.
Sum128 Mailbox::power(size_t exponent) {
  constexpr size_t kStep = 64;
  using Row = std::array<Sum128, kStep>;
  static constexpr auto row_of = [](Sum128 base) {
    Row row{};
    row[0] = {1, 1};
    for (size_t i = 1; i < kStep; ++i) row[i] = times(row[i - 1], base);
    return row;
  };
  static constexpr Row kOnes = row_of(kBase);
  static constexpr Sum128 kLeap = times(kOnes[kStep - 1], kBase);
  static constexpr Row kSteps = row_of(kLeap);
  Sum128 result = kOnes[exponent % kStep];
  for (exponent /= kStep; exponent >= kStep; exponent -= kStep - 1)
    result = times(result, kSteps[kStep - 1]);
  return times(result, kSteps[exponent]);
}

void Mailbox::push_front(Message* message) {
  message->next = head_;
  head_ = message;
  if (tail_ == nullptr) tail_ = message;
  digest_ += times(message->digest, power(size_));
  ++size_;
}

Message* Mailbox::take_all() {
  Message* first = head_;
  *this = Mailbox();
  return first;
}

}  // namespace lexum
