#include "model/inspector.h"

#include <algorithm>

#include <fmt/format.h>

#include "machine/wiring.h"
#include "session/tell.h"

namespace lexum {

namespace {

constexpr size_t kMailShown = 20;

}  // namespace

InspectorView inspect(Session& session, DomainId domain, const Value& key) {
  InspectorView view;
  const Program& program = session.program();
  const Result<const WorldState*> world = state_at(session);
  if (!world) return view;
  const InstanceId id = session.timeline().find(domain, key);
  if (!id) return view;
  const InstanceState& instance = (**world)[id];
  view.instance = session.timeline().name_of(id);
  view.faulted = instance.faulted;
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
  for (const MessagePtr& message : instance.mailbox) {
    if (view.mail.size() == kMailShown) {
      view.mail.push_back(fmt::format("… and {} more", instance.mailbox.size() - kMailShown));
      break;
    }
    view.mail.push_back(waiting_text(program, domain, *message));
  }
  return view;
}

}  // namespace lexum
