#include "model/inspector.h"

#include <algorithm>

#include <fmt/format.h>

#include "machine/wiring.h"
#include "session/tell.h"
#include "tracer/life.h"

namespace lexum {

namespace {

constexpr size_t kMailShown = 20;
constexpr size_t kSentShown = 20;

std::optional<MessageRow> taken_by(Session& session, const CycleView& ran) {
  if (!ran.cause) return {};
  if (ran.cause->cycle == 0) return MessageRow{fmt::format("input {}", ran.cause->input), {}, 0};
  MessageRow row{.text = {}, .became = {}, .cycle = ran.cause->cycle};
  const bool is_here = ran.cause->cycle > session.trace().start();
  const Result<CycleView> sent =
      is_here ? cycle_at(session.trace(), ran.cause->cycle) : Result<CycleView>(Error());
  if (sent && ran.cause->emission < sent->emissions.size()) {
    row.text = LineWriter(session.program()).emission(sent->emissions[ran.cause->emission]);
    row.became = instance_name(session.program(), sent->domain, sent->key);
  }
  return row;
}

// Moves the timeline.
std::string fate_of(Session& session, uint64_t cycle, uint32_t number, uint64_t& taken) {
  const auto found = lives_of(session.timeline(), cycle, number, session.looking());
  if (!found) return "";
  std::vector<uint64_t> takers;
  size_t waits = 0;
  size_t dead = 0;
  for (const MessageLife& life : found->lives) {
    if (life.fate == MessageLife::Fate::kTaken) takers.push_back(life.taken);
    else ++(life.fate == MessageLife::Fate::kWaiting ? waits : dead);
  }
  std::string text;
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
  if (!takers.empty()) {
    taken = takers.front();
    add(fmt::format("taken in cycle {}", taken));
    if (takers.size() > 1) add(fmt::format("and {} more", takers.size() - 1));
  }
  const bool one = found->lives.size() == 1;
  if (waits > 0) {
    add(one ? "still waits at the end"
            : fmt::format("{} still wait{} at the end", waits, waits == 1 ? "s" : ""));
  }
  if (dead > 0) {
    constexpr const char* kLost = "never taken: a dead letter, or gone with its receiver";
    add(one ? kLost : fmt::format("{} {}", dead, kLost));
  }
  return text;
}

std::vector<MessageRow> sent_by(Session& session, const CycleView& ran, bool lives) {
  std::vector<MessageRow> rows;
  const LineWriter lines(session.program());
  for (uint32_t i = 0; i < ran.emissions.size(); ++i) {
    MessageRow& row = rows.emplace_back();
    if (i == kSentShown) {
      row.text = fmt::format("… and {} more", ran.emissions.size() - kSentShown);
      break;
    }
    row.text = lines.emission(ran.emissions[i]);
    const Emission& site = session.program().emissions[ran.emissions[i].site.index()];
    if (lives && site.kind != EmissionKind::kEffect) {
      row.became = fate_of(session, ran.cycle, i, row.cycle);
    }
  }
  return rows;
}

std::vector<MessageRow> awaited_by(Session& session, const WorldState& world, InstanceId id) {
  std::vector<MessageRow> rows;
  for (const AwaitedPtr& effect : world.awaited()) {
    if (effect->instance != id) continue;
    const Effect& what = session.program().effects[effect->effect.index()];
    rows.push_back({.text = fmt::format("{}.{}", what.adapter, what.operation),
                    .became = fmt::format("asked for in cycle {}", effect->cycle),
                    .cycle = effect->cycle});
  }
  return rows;
}

}  // namespace

InspectorView inspect(Session& session, DomainId domain, const Value& key, bool lives) {
  InspectorView view;
  const Program& program = session.program();
  const Result<const WorldState*> world = state_at(session);
  if (!world) return view;
  const InstanceId id = session.timeline().find(domain, key);
  if (!id) return view;
  const InstanceState& instance = (**world)[id];
  view.instance = session.timeline().name_of(id);
  view.faulted = instance.faulted || instance.killed;
  std::optional<CycleView> ran;
  if (session.at().cycle > session.trace().start()) {
    Result<CycleView> found = cycle_at(session.trace(), session.at().cycle);
    if (found && found->domain == domain && found->key == key) ran = std::move(*found);
  }
  if (ran && ran->fault) {
    const CodeInfo& code = info(ran->fault->code);
    view.fault = fmt::format("{} {}{}{}", code.id, code.title,
                             ran->fault->message.empty() ? "" : ": ", ran->fault->message);
  }
  if (ran) view.dead = ran->dead;
  view.awaited = awaited_by(session, **world, id);
  if (ran) view.doing = spell(program[domain].routines[ran->routine.index()]);
  const std::vector<Value>& fields =
      session.inside() && session.inside()->id == id ? session.inside()->fields : instance.fields;
  for (uint32_t slot = 0; slot < fields.size(); ++slot) {
    FieldRow row{.name = program[domain].fields[slot].name,
                 .before = {},
                 .rejected = {},
                 .value = brief(program, fields[slot])};
    if (ran && !ran->fault) {
      const auto change = std::ranges::find(ran->changes, slot, &ChangeView::slot);
      row.changed = change != ran->changes.end();
      if (row.changed && change->before.known) row.before = brief(program, change->before.value);
    }
    if (ran && ran->fault) {
      const auto change = std::ranges::find(ran->fault->rejected, slot, &ChangeView::slot);
      if (change != ran->fault->rejected.end() && change->after.known) {
        row.rejected = brief(program, change->after.value);
      }
    }
    view.fields.push_back(std::move(row));
  }
  std::ranges::stable_partition(view.fields, [](const FieldRow& row) { return row.changed; });
  for (size_t i = 0; i < instance.goals.size(); ++i) {
    GoalRow row{.name = program[domain].goals[i].name, .status = instance.goals[i], .distance = {}};
    if (row.status != GoalStatus::kSatisfied) {
      row.distance = distance_text(program, instance, GoalIndex(i));
    }
    view.goals.push_back(std::move(row));
  }
  view.waiting = instance.mailbox.size();
  for (const MessagePtr& message : instance.mailbox) {
    if (view.mail.size() == kMailShown) {
      view.mail.push_back(fmt::format("… and {} more", instance.mailbox.size() - kMailShown));
      break;
    }
    view.mail.push_back(waiting_text(program, domain, *message));
  }
  // From here on, the timeline may be elsewhere.
  if (ran) view.took = taken_by(session, *ran);
  if (ran) view.sent = sent_by(session, *ran, lives);
  return view;
}

}  // namespace lexum
