// Messages and the mailboxes they wait in.
//
// A message is one block of memory, its arguments behind it, out of a pool that belongs to the
// cell; a mailbox is a list of them with the digest of its content in order. Only the thread that
// commits touches either.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/digest.h"
#include "runtime/image.h"

namespace lexum {

struct Message {
  Message* next = nullptr;
  RoutineIndex routine;
  uint32_t arg_count = 0;
  Origin origin;
  Sum128 digest;  // of routine and arguments

  [[nodiscard]] std::span<Value> args() { return {reinterpret_cast<Value*>(this + 1), arg_count}; }
  [[nodiscard]] std::span<const Value> args() const {
    return {reinterpret_cast<const Value*>(this + 1), arg_count};
  }
};
static_assert(sizeof(Message) % alignof(Value) == 0);

class MessagePool {
 public:
  MessagePool() = default;
  ~MessagePool();
  MessagePool(const MessagePool&) = delete;
  MessagePool& operator=(const MessagePool&) = delete;

  // A message that takes its arguments over, or copies them. Belongs to the caller until release();
  // its arguments do not change.
  Message* make(RoutineIndex routine, const Origin& origin, std::span<Value> args) {
    return fill(routine, origin, args, [](Value& arg) -> Value&& { return std::move(arg); });
  }
  Message* copy(RoutineIndex routine, const Origin& origin, std::span<const Value> args) {
    return fill(routine, origin, args, [](const Value& arg) -> const Value& { return arg; });
  }
  Message* from(const MessageImage& image) { return copy(image.routine, image.origin, image.args); }
  void release(Message* message) {
    for (Value& arg : message->args()) arg.~Value();
    if (message->arg_count > kPooledArgs) return ::operator delete(message);
    message->next = std::exchange(spare_[message->arg_count], message);
  }
  void release_all(Message* first);

 private:
  static constexpr uint32_t kPooledArgs = 8;

  template <class Arg, class Give>
  Message* fill(RoutineIndex routine, const Origin& origin, std::span<Arg> args, Give give) {
    const auto count = static_cast<uint32_t>(args.size());
    void* memory = nullptr;
    if (count <= kPooledArgs && spare_[count] != nullptr) {
      memory = std::exchange(spare_[count], spare_[count]->next);
    } else {
      memory = ::operator new(sizeof(Message) + count * sizeof(Value));
    }
    const uint64_t place = uint64_t{routine.value} + 1;
    auto* message =
        new (memory) Message{nullptr,
                             routine,
                             count,
                             origin,
                             {place * 0xa0761d6478bd642full, place * 0x1d8e4e27c47d124full}};
    Value* to = message->args().data();
    for (uint32_t i = 0; i < count; ++i) {
      new (to + i) Value(give(args[i]));
      message->digest += to[i].mark_at(i);
    }
    return message;
  }

  std::array<Message*, kPooledArgs + 1> spare_{};  // by number of arguments, linked by `next`
};

MessageImage image_of(const Message& message);

class Mailbox {
 public:
  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] Message* head() const { return head_; }
  [[nodiscard]] Message* tail() const { return tail_; }
  [[nodiscard]] Sum128 digest() const { return digest_; }

  void push(Message* message) {
    message->next = nullptr;
    (tail_ == nullptr ? head_ : tail_->next) = message;
    tail_ = message;
    ++size_;
    digest_ = times(digest_, kBase) + message->digest;
  }
  void push_front(Message* message);
  Message* pop() {
    LEXUM_CHECK(head_ != nullptr);
    Message* message = head_;
    head_ = message->next;
    if (--size_ == 0) {
      tail_ = nullptr;
      digest_ = {};
    } else {
      digest_ -= times(message->digest, power(size_));
    }
    message->next = nullptr;
    return message;
  }
  // Empties it; the messages stay linked by `next`.
  Message* take_all();

 private:
  // Odd, so that all its powers differ for longer than a mailbox can be; any two such would do.
  static constexpr Sum128 kBase{0x9e3779b97f4a7c15ull, 0xd1b54a32d192ed03ull};
  static constexpr Sum128 times(Sum128 x, Sum128 y) { return {x.a * y.a, x.b * y.b}; }
  static Sum128 power(size_t exponent);  // of kBase

  Message* head_ = nullptr;
  Message* tail_ = nullptr;
  uint32_t size_ = 0;
  // Of the messages in order: sum(digest_i * base^(size-1-i)), so that both ends can be changed in
  // O(1): pushing multiplies, popping takes the highest term away.
  Sum128 digest_;
};

}  // namespace lexum
