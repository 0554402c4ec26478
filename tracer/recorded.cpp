#include "tracer/recorded.h"

namespace lexum {

const EventView* RecordedEvents::peek(size_t ahead) {
  while (ahead >= ready_.size()) {
    if (!read()) return nullptr;
  }
  return &ready_[ahead].view;
}

bool RecordedEvents::read() {
  for (;;) {
    EventView view;
    while (events_ && events_->next(view)) {
      if (events_->event_bytes().empty()) continue;
      ready_.push_back({std::move(view), events_->event_bytes(), chunk_});
      return true;
    }
    if (error_ || index_ == trace_.chunks().size()) return false;
    Result<std::shared_ptr<const Chunk>> next = trace_.chunk(index_++);
    if (!next) {
      error_ = next.error();
      return false;
    }
    chunk_ = *next;
    events_.emplace(chunk_->events(trace_.program()));
  }
}

InputImage image_of(const InputView& view) {
  return {.number = view.number,
          .tick = view.tick,
          .domain = view.domain,
          .key = view.key,
          .routine = view.routine,
          .event = view.event,
          .args = view.args};
}

}  // namespace lexum
