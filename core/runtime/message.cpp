#include "runtime/message.h"

#include <new>

#include "base/check.h"

namespace lexum {

namespace {

// Odd, so that they have powers of full period; any two such constants would do.
constexpr Sum128 kBase{0x9e3779b97f4a7c15ull, 0xd1b54a32d192ed03ull};

Sum128 times(Sum128 x, Sum128 y) { return {x.a * y.a, x.b * y.b}; }

Sum128 power(size_t exponent) {
  Sum128 result{1, 1};
  for (Sum128 square = kBase; exponent != 0; exponent >>= 1, square = times(square, square)) {
    if (exponent & 1) result = times(result, square);
  }
  return result;
}

}  // namespace

MessagePool::~MessagePool() {
  for (Message*& first : spare_) {
    while (first != nullptr) ::operator delete(std::exchange(first, first->next));
  }
}

Message* MessagePool::take(RoutineIndex routine, const Origin& origin, uint32_t arg_count) {
  void* memory = nullptr;
  if (arg_count <= kPooledArgs && spare_[arg_count] != nullptr) {
    memory = std::exchange(spare_[arg_count], spare_[arg_count]->next);
  } else {
    memory = ::operator new(sizeof(Message) + arg_count * sizeof(Value));
  }
  auto* message = new (memory) Message{nullptr, routine, arg_count, origin, {}};
  for (Value& arg : message->args()) new (&arg) Value;
  return message;
}

Message* MessagePool::copy(const Message& message) {
  Message* twin = take(message.routine, message.origin, message.arg_count);
  for (uint32_t i = 0; i < message.arg_count; ++i) twin->args()[i] = message.args()[i];
  twin->digest = message.digest;
  return twin;
}

Message* MessagePool::from(const MessageImage& image) {
  Message* message = take(image.routine, image.origin, static_cast<uint32_t>(image.args.size()));
  for (uint32_t i = 0; i < message->arg_count; ++i) message->args()[i] = image.args[i];
  seal(*message);
  return message;
}

void MessagePool::release(Message* message) {
  for (Value& arg : message->args()) arg.~Value();
  if (message->arg_count > kPooledArgs) {
    ::operator delete(message);
    return;
  }
  message->next = std::exchange(spare_[message->arg_count], message);
}

void MessagePool::release_all(Message* first) {
  while (first != nullptr) release(std::exchange(first, first->next));
}

void seal(Message& message) {
  Sum128 digest = mark(message.routine.value, message.arg_count);
  for (const Value& arg : message.args()) digest = times(digest, kBase) + arg.digest();
  message.digest = digest;
}

MessageImage image_of(const Message& message) {
  return {message.routine, message.origin, {message.args().begin(), message.args().end()}};
}

// The digest is sum(digest_i * base^(size-1-i)): pushing multiplies, popping takes the highest term
// away.

void Mailbox::push(Message* message) {
  message->next = nullptr;
  (tail_ == nullptr ? head_ : tail_->next) = message;
  tail_ = message;
  ++size_;
  digest_ = times(digest_, kBase) + message->digest;
}

void Mailbox::push_front(Message* message) {
  message->next = head_;
  head_ = message;
  if (tail_ == nullptr) tail_ = message;
  digest_ += times(message->digest, power(size_));
  ++size_;
}

Message* Mailbox::pop() {
  LEXUM_CHECK(head_ != nullptr);
  Message* message = head_;
  head_ = message->next;
  if (head_ == nullptr) tail_ = nullptr;
  --size_;
  digest_ -= size_ == 0 ? digest_ : times(message->digest, power(size_));
  message->next = nullptr;
  return message;
}

Message* Mailbox::take_all() {
  Message* first = head_;
  *this = Mailbox();
  return first;
}

}  // namespace lexum
