#include "tracer/recorded.h"

#include "runtime/fits.h"

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
    trace_.expect(index_, trace_.chunks().size() - 1);
    Result<std::shared_ptr<const Chunk>> next = trace_.chunk(index_++);
    if (!next) {
      error_ = next.error();
      return false;
    }
    chunk_ = *next;
    events_.emplace(chunk_->events(trace_.program()));
  }
}

InputImage image_of(const InputView& view, const Program& program) {
  InputImage image{.number = view.number,
                   .tick = view.tick,
                   .kind = view.kind,
                   .domain = view.domain,
                   .key = view.key,
                   .routine = view.routine,
                   .event = view.event};
  if (!is_act(view.kind)) {
    image.args = view.args;
    return image;
  }
  const std::optional<ActView> act = act_of(view, program);
  if (act) image.about = act->about;
  if (view.kind == InputKind::kRedeliver) image.domain = DomainId(), image.key = Value();
  if (view.kind == InputKind::kSet && act && !act->changes.empty())
    image.args.push_back(act->changes.front().value);
  return image;
}

Latecomers::Latecomers(const Program& program, uint64_t numbered, Letters letters)
    : program_(program), numbered_(numbered), letters_(letters) {}

std::optional<InputImage> Latecomers::take(const EventView& event) {
  const auto* input = std::get_if<InputView>(&event);
  const auto* came = std::get_if<OutcomeView>(&event);
  const uint64_t number = input != nullptr ? input->number : came != nullptr ? came->number : 0;
  const bool sends = input != nullptr && input->kind == InputKind::kRedeliver;
  if (number <= numbered_ || !taken_.insert({number, sends}).second) return {};
  if (letters_ == Letters::kAreBrought && !sends && taken_.contains({number, true})) return {};
  if (input != nullptr) {
    InputImage image = image_of(*input, program_);
    if (sends && letters_ == Letters::kComeThemselves) image.index = 1;
    // A file that lies must not make a world meet what it cannot.
    return fits(image, program_) ? std::optional(std::move(image)) : std::nullopt;
  }
  return InputImage{.number = number,
                    .tick = came->tick,
                    .kind = InputKind::kOutcome,
                    .domain = came->domain,
                    .key = came->key,
                    .args = {came->value},
                    .about = came->cause,
                    .index = came->index,
                    .failed = came->failed};
}

}  // namespace lexum
