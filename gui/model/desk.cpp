#include "model/desk.h"

#include <algorithm>

#include <fmt/format.h>

#include "tracer/ask.h"
#include "tracer/line.h"

namespace lexum {

namespace {

uint64_t first_of(TraceReader& trace) { return std::min(trace.start() + 1, trace.cycles()); }

// "10,000,000"
std::string grouped(uint64_t n) {
  std::string digits = std::to_string(n);
  for (size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

}  // namespace

Desk::Desk(Session& session)
    : session_(session),
      axis_(first_of(session.trace()), session.trace().cycles()),
      console_(session),
      history_(session) {
  look_again();
  choose_who_ran();
}

void Desk::look_again() {
  TraceReader& trace = session_.trace();
  if (trace_ != &trace) {
    const double width = axis_.width();
    trace_ = &trace;
    line_ = {};
    axis_ = Axis(first_of(trace), trace.cycles());
    axis_.set_width(width);
    axis_.fit();
    lanes_ = std::make_unique<Lanes>(session_);
    edges_ = std::make_unique<Edges>(session_, *lanes_);
    bands_ = std::make_unique<Bands>(session_, *lanes_);
  }
  axis_.set_last(trace.cycles());
  is_new_ = true;
}

void Desk::choose_who_ran() {
  const size_t lane = lanes_->lane_at(session_.at().cycle);
  if (lane < lanes_->all().size()) choose(lane);
  else if (!chosen_ && !lanes_->all().empty()) choose(0);
}

bool Desk::say(const std::string& line) {
  const Moment stood = session_.at();
  const bool done = console_.run(line);
  look_again();
  axis_.reveal(session_.at().cycle);
  if (!(session_.at() == stood)) choose_who_ran();
  return done;
}

void Desk::choose(size_t lane) {
  const Lane& who = lanes_->all()[lane];
  chosen_ = {who.domain, who.key};
  is_new_ = true;
}

std::optional<size_t> Desk::chosen() {
  if (!chosen_ || chosen_->first.index() >= session_.program().domains.size()) return {};
  return lanes_->lane_of(chosen_->first, chosen_->second);
}

const std::vector<PlotStep>& Desk::plot() {
  static const std::vector<PlotStep> nothing;
  if (!chosen_ || plotted_.empty() || !chosen()) return nothing;
  const auto& fields = session_.program()[chosen_->first].fields;
  const auto found = std::ranges::find(fields, plotted_, &Field::name);
  if (found == fields.end()) return nothing;
  return history_.of({.whose = {.domain = chosen_->first, .key = chosen_->second},
                      .slot = static_cast<uint32_t>(found - fields.begin())},
                     axis_);
}

const InspectorView& Desk::inspector() {
  if (is_new_) {
    inspector_ = chosen_ ? inspect(session_, chosen_->first, chosen_->second) : InspectorView();
    listing_ = listing_of(session_);
    is_new_ = false;
  }
  return inspector_;
}

const Listing& Desk::listing() {
  (void)inspector();
  return listing_;
}

std::string Desk::line_of(uint64_t cycle) {
  TraceReader& trace = session_.trace();
  if (cycle <= trace.start() || cycle > trace.cycles()) return "";
  if (line_.first == cycle) return line_.second;
  const Result<CycleView> ran = cycle_at(trace, cycle);
  const LineWriter lines(session_.program(), Detail::kComparable);
  line_ = {cycle, ran ? lines.line(*ran) : ""};
  // Alone, it needs no columns.
  std::string& line = line_.second;
  const auto both_blank = [](char a, char b) { return a == ' ' && b == ' '; };
  line.erase(std::ranges::unique(line, both_blank).begin(), line.end());
  return line;
}

std::string Desk::where() {
  std::string text = fmt::format("{} {}", session_.branch().name, grouped(session_.at().cycle));
  if (session_.inside()) text += fmt::format(":{}", session_.at().statement);
  text += " of " + grouped(session_.trace().cycles());
  if (!session_.reason().empty()) text += fmt::format("  [{}]", session_.reason());
  return text;
}

bool Desk::has_grown() {
  TraceReader& trace = session_.trace();
  if (session_.live() != nullptr || trace.end() != TraceEnd::kTorn) return false;
  const uint64_t before = trace.cycles();
  if (!trace.refresh() || trace.cycles() == before) return false;
  look_again();
  return true;
}

void Desk::pass(double seconds) {
  if (!is_playing()) return;
  played_ += seconds * speed_;
  const auto cycles = static_cast<uint64_t>(played_);
  if (cycles == 0) return;
  played_ -= static_cast<double>(cycles);
  const uint64_t last = session_.trace().cycles();
  const uint64_t there = std::min(last, session_.at().cycle + cycles);
  if (!session_.go_to(Moment{.cycle = there}) || there == last) speed_ = 0;
  look_again();
  axis_.reveal(there);
  choose_who_ran();
}

}  // namespace lexum
