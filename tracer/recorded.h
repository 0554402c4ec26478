// The events of a recorded run, one after the other, through all chunks. Only those of the run
// itself: what a trace keeps besides is passed over.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "tracer/reader.h"

namespace lexum {

class RecordedEvents {
 public:
  // From the first event of that chunk on. The trace outlives it.
  RecordedEvents(TraceReader& trace, size_t chunk) : trace_(trace), index_(chunk) {}

  // Looks at the next event, or one further on, without taking it. Null at the end, and after an
  // error. Good until it is taken.
  const EventView* peek(size_t ahead = 0);
  // Requires that there is one.
  void take() { ready_.pop_front(); }
  // The canonical bytes of the next event. Requires that there is one.
  [[nodiscard]] Bytes bytes() const { return ready_.front().bytes; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  struct Ready {
    EventView view;
    Bytes bytes;
    std::shared_ptr<const Chunk> chunk;  // keeps the bytes
  };
  bool read();

  TraceReader& trace_;
  size_t index_;  // of the next chunk
  std::shared_ptr<const Chunk> chunk_;
  std::optional<EventReader> events_;
  std::deque<Ready> ready_;
  std::optional<Error> error_;
};

// As it came from outside.
InputImage image_of(const InputView& view, const Program& program);

// What a world that runs again is to be given of what is recorded: what came while the recorded run
// was under way, each thing once.
class Latecomers {
 public:
  // A dead letter that was sent once more is an input by itself, which comes when it came; or the
  // act brings it, as it did, and it comes when there is room.
  enum class Letters : uint8_t { kComeThemselves, kAreBrought };
  // The world knows the inputs up to that number.
  Latecomers(const Program& program, uint64_t numbered, Letters letters = Letters::kComeThemselves);
  // None: it is nothing from outside, or the world has it.
  std::optional<InputImage> take(const EventView& event);

 private:
  const Program& program_;
  const uint64_t numbered_;
  const Letters letters_;
  std::set<std::pair<uint64_t, bool>> taken_;  // numbers; of acts that send a letter, and of others
};

}  // namespace lexum
