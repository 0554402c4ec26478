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

  // With `arg_count` null arguments; call seal() when they are set. Belongs to the caller until
  // release().
  Message* take(RoutineIndex routine, const Origin& origin, uint32_t arg_count);
  Message* copy(const Message& message);
  Message* from(const MessageImage& image);
  void release(Message* message);
  void release_all(Message* first);

 private:
  static constexpr uint32_t kPooledArgs = 8;
  std::array<Message*, kPooledArgs + 1> spare_{};  // by number of arguments, linked by `next`
};

// Computes the digest; the arguments do not change after it.
void seal(Message& message);
MessageImage image_of(const Message& message);

class Mailbox {
 public:
  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] Message* head() const { return head_; }
  [[nodiscard]] Message* tail() const { return tail_; }
  [[nodiscard]] Sum128 digest() const { return digest_; }

  void push(Message* message);
  void push_front(Message* message);
  Message* pop();
  // Empties it; the messages stay linked by `next`.
  Message* take_all();

 private:
  Message* head_ = nullptr;
  Message* tail_ = nullptr;
  uint32_t size_ = 0;
  Sum128
      digest_;  // of the messages in order: a polynomial, so that both ends can be changed in O(1)
};

}  // namespace lexum
