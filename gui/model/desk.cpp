#include "model/desk.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/depth.h"
#include "tracer/ask.h"
#include "tracer/diff.h"
#include "tracer/line.h"

namespace lexum {

namespace {

constexpr size_t kChunksAFrame = 12;

uint64_t first_of(const TraceReader& trace) { return std::min(trace.start() + 1, trace.cycles()); }

}  // namespace

std::string grouped(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

Desk::Desk(Session& session, Surveys surveys)
    : session_(session),
      surveys_(surveys),
      axis_(first_of(session.trace()), session.trace().cycles()),
      console_(session) {
  look_again();
  choose_who_ran();
}

std::unique_ptr<Scene> Desk::make_scene(TraceReader& trace) {
  auto scene = std::make_unique<Scene>(session_.files(), trace);
  if (surveys_ == Surveys::kByThread) scene->survey.start();
  return scene;
}

void Desk::look_again() {
  TraceReader& trace = session_.trace();
  is_new_ = true;
  const auto is_beside = [&](const auto& branch) {
    return beside_ && branch->trace.get() == &beside_->trace;
  };
  const bool two = beside_ != nullptr;
  const bool is_gone = two && std::ranges::none_of(session_.branches(), is_beside);
  if (is_gone) beside_.reset();
  if (trace_ == &trace) {
    if (is_gone) look_beside(false);
    if (trace.cycles() == known_cycles_) return;
    scene_->survey.go_on();
    known_cycles_ = trace.cycles();
    axis_.set_last(std::max(trace.cycles(), beside_ ? beside_->trace.cycles() : 0));
    return;
  }
  trace_ = &trace;
  known_cycles_ = trace.cycles();
  line_ = {};
  beside_.reset();
  scene_ = make_scene(trace);
  follow_plotted();
  lay_axis();
  if (two) look_beside(true);
}

// All of what is drawn.
void Desk::lay_axis() {
  const double width = axis_.width();
  uint64_t first = first_of(*trace_);
  uint64_t last = trace_->cycles();
  if (beside_) {
    first = std::min(first, first_of(beside_->trace));
    last = std::max(last, beside_->trace.cycles());
  }
  axis_ = Axis(first, last);
  axis_.set_width(width);
  axis_.fit();
}

bool Desk::begin_frame() {
  bool more = false;
  for (Scene* scene : {scene_.get(), beside_.get()}) {
    if (scene == nullptr) continue;
    scene->bands.begin_frame();
    more = scene->lanes.sum_up(kChunksAFrame) || more;
    if (surveys_ == Surveys::kByFrame) scene->survey.step();
    scene->survey.take();
    more = more || (surveys_ == Surveys::kByFrame && !scene->survey.is_done());
  }
  return more;
}

void Desk::choose_who_ran() {
  Lanes& lanes = scene_->lanes;
  const size_t lane = lanes.lane_at(session_.at().cycle);
  if (lane < lanes.all().size()) choose(lane);
  else if (!chosen_ && !lanes.all().empty()) choose(0);
}

bool Desk::say(const std::string& line) {
  const Moment stood = session_.at();
  const bool done = console_.run(line);
  look_again();
  arrive(stood);
  return done;
}

void Desk::scrub(uint64_t cycle) {
  const Moment stood = session_.at();
  if (!session_.go_to(Moment{.cycle = cycle})) {
    say(fmt::format("goto {}", cycle));  // which says why not
    return;
  }
  session_.because("");
  console_.went(fmt::format("goto {}", cycle));
  look_again();
  arrive(stood);
}

void Desk::arrive(Moment stood) {
  const uint64_t cycle = session_.at().cycle;
  if (is_by_depth() && !axis_.columns()->has(cycle)) look_by_depth(true);
  axis_.reveal(cycle);
  if (!(session_.at() == stood)) choose_who_ran();
}

// One without an index may have its events, and the other way round.
std::vector<size_t> Desk::lost() const {
  std::vector<size_t> lost = scene_->lanes.unreadable();
  const std::vector<ChunkSurvey>& read = scene_->survey.chunks();
  for (size_t i = 0; i < read.size(); ++i) {
    if (!read[i].is_readable) lost.push_back(i);
  }
  std::ranges::sort(lost);
  const auto doubles = std::ranges::unique(lost);
  lost.erase(doubles.begin(), doubles.end());
  return lost;
}

// ---- how the lanes are seen

bool Desk::look_by_depth(bool on) {
  if (!on) {
    if (!is_by_depth()) return true;
    const DepthColumns laid = *axis_.columns();
    axis_.lay_out(nullptr);
    axis_.show(laid.from, laid.to(), 0);
    return true;
  }
  TraceReader& trace = session_.trace();
  const uint64_t begin = trace.start() + 1;
  if (trace.cycles() < begin) return false;
  uint64_t from = std::max(axis_.first_seen(), begin);
  uint64_t to = std::min(axis_.last_seen(), trace.cycles());
  const uint64_t here = std::clamp(session_.at().cycle, begin, trace.cycles());
  // Of more than can be laid out, and of what one does not stand in: around where one stands.
  if (from > to || to - from >= kDepthCyclesMax || here < from || here > to) {
    const uint64_t around = std::min<uint64_t>(kDepthCyclesMax / 2, to > from ? to - from : 100);
    from = here - std::min(here - begin, around / 2);
    to = std::min(trace.cycles(), from + around);
  }
  auto columns = by_depth(trace, from, to);
  if (columns == nullptr) return false;
  axis_.lay_out(std::move(columns));
  return true;
}

const Session::Branch* Desk::other_branch() const {
  const std::string& parent = session_.branch().parent;
  const Session::Branch* other = nullptr;
  for (const auto& branch : session_.branches()) {
    if (branch.get() == &session_.branch()) continue;
    if (branch->name == parent) return branch.get();
    if (other == nullptr || branch->parent == session_.branch().name) other = branch.get();
  }
  return other;
}

bool Desk::look_beside(bool on) {
  beside_.reset();
  parting_.reset();
  const Session::Branch* const other = on ? other_branch() : nullptr;
  if (other != nullptr) {
    beside_ = make_scene(*other->trace);
    beside_name_ = other->name;
    axis_.lay_out(nullptr);
    const auto parting = parting_of(session_.trace(), *other->trace, session_.looking());
    if (parting && *parting) parting_ = (*parting)->cycle;
  }
  lay_axis();
  axis_.reveal(session_.at().cycle);
  return beside_ != nullptr;
}

void Desk::choose(size_t lane) {
  const Lane& who = scene_->lanes.all()[lane];
  if (chosen_ == std::pair(who.domain, who.key)) return;
  chosen_ = {who.domain, who.key};
  is_new_ = true;
  follow_plotted();
}

std::optional<size_t> Desk::chosen() {
  if (!chosen_ || chosen_->first.index() >= session_.program().domains.size()) return {};
  return scene_->lanes.lane_of(chosen_->first, chosen_->second);
}

std::optional<FieldTarget> Desk::plotted_field() {
  if (plotted_.empty() || !chosen()) return {};
  const auto& fields = session_.program()[chosen_->first].fields;
  const auto found = std::ranges::find(fields, plotted_, &Field::name);
  if (found == fields.end()) return {};
  return FieldTarget{.whose = {.domain = chosen_->first, .key = chosen_->second},
                     .slot = static_cast<uint32_t>(found - fields.begin())};
}

void Desk::follow_plotted() {
  if (!plotted_.empty()) scene_->survey.follow(plotted_field());
}

void Desk::plot(std::string field) {
  plotted_ = std::move(field);
  follow_plotted();
}

const std::vector<PlotStep>& Desk::plot() {
  static const std::vector<PlotStep> nothing;
  const auto field = plotted_field();
  return field ? history_.of(session_.trace(), *field, axis_, scene_->survey.values()) : nothing;
}

const InspectorView& Desk::inspector(bool on_the_way) {
  if (is_new_ || (is_short_ && !on_the_way)) {
    inspector_ =
        chosen_ ? inspect(session_, chosen_->first, chosen_->second, !on_the_way) : InspectorView();
    is_short_ = on_the_way;
    if (is_new_) listing_ = listing_of(session_);
    is_new_ = false;
  }
  return inspector_;
}

const Listing& Desk::listing() {
  if (is_new_) (void)inspector(true);
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

RememberedPlace Desk::place() {
  RememberedPlace place{.at = position_text(session_.at()),
                        .from = axis_.first_seen(),
                        .until = axis_.last_seen(),
                        .hops = hops_};
  if (const auto lane = chosen()) place.who = scene_->lanes.all()[*lane].name;
  return place;
}

void Desk::go_back_to(const RememberedPlace& place) {
  if (place.at.empty() || !session_.go_to(place.at)) return;
  look_again();
  if (place.from >= 1 && place.from <= place.until && place.until <= session_.trace().cycles()) {
    axis_.show(place.from, place.until, 0);
  }
  arrive({.cycle = UINT64_MAX});
  hops_ = place.hops;
  const auto& lanes = scene_->lanes.all();
  const auto who = std::ranges::find(lanes, place.who, &Lane::name);
  if (who != lanes.end()) choose(static_cast<size_t>(who - lanes.begin()));
}

bool Desk::has_news() const {
  return scene_->survey.has_news() || (beside_ && beside_->survey.has_news());
}

bool Desk::has_grown() {
  TraceReader& trace = session_.trace();
  if (session_.live() != nullptr || trace.end() != TraceEnd::kTorn) return false;
  const uint64_t before = trace.cycles();
  if (!trace.refresh() || trace.cycles() == before) return false;
  look_again();
  return true;
}

void Desk::play(double cycles_a_second) {
  speed_ = cycles_a_second;
  if (speed_ > 0) last_speed_ = speed_;
}

void Desk::set_speed(double cycles_a_second) {
  last_speed_ = cycles_a_second;
  if (is_playing()) speed_ = cycles_a_second;
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
  arrive({.cycle = UINT64_MAX});
}

}  // namespace lexum
