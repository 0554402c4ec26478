#include "machine/allowance.h"

#include <functional>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "effects/json_text.h"
#include "machine/value_json.h"

namespace lexum {

namespace {

// Whoever has written the file again may have put its members into another order.
using SortedJson = nlohmann::json;

std::string spelled(const std::string& adapter, const std::string& operation,
                    const SortedJson& args, const std::string& by) {
  return SortedJson{adapter, operation, args, by}.dump(-1, ' ', false,
                                                       SortedJson::error_handler_t::replace);
}

}  // namespace

Result<Allowance> Allowance::read(const std::string& name, std::string_view json) {
  const auto wrong = [&](const std::string& what) {
    return Error{.code = ErrorCode::kMismatch, .what = name + " " + what};
  };
  try {
    JsonNesting nesting{.most = kJsonNestingMax};
    const SortedJson plan = SortedJson::parse(json, std::ref(nesting));
    if (nesting.too_deep) return wrong("is no plan; `lxm plan --json` prints one");
    Allowance allowance;
    allowance.name_ = name;
    if (plan.at("outcome") == "error") return wrong("is a plan that could not be made");
    if (!plan.at("run_id").is_null()) allowance.run_id_ = plan.at("run_id").get<std::string>();
    allowance.begins_after_ = plan.at("begins_after").get<uint64_t>();
    const SortedJson& effects = plan.at("effects");
    if (!effects.is_array()) return wrong("is no plan; `lxm plan --json` prints one");
    for (const SortedJson& one : effects) {
      const SortedJson& args = one.at("args");
      if (!args.is_object()) return wrong("has an effect whose args are no object");
      ++allowance.left_[spelled(one.at("adapter").get<std::string>(),
                                one.at("operation").get<std::string>(), args,
                                one.at("by").get<std::string>())];
    }
    return allowance;
  } catch (const SortedJson::exception&) {
    return wrong("is no plan; `lxm plan --json` prints one");
  }
}

void Allowance::guard(const Program& program, Outside* outside) {
  program_ = &program;
  outside_ = outside;
}

void Allowance::take(EmissionId site, std::span<const Value> args, const std::string& by,
                     uint64_t cycle) {
  if (cycle <= begins_after_ || refused_) return;
  const Emission& emission = program_->emissions[site.index()];
  const Effect& effect = program_->effects[emission.effect.index()];
  Json named = Json::object();
  for (size_t i = 0; i < args.size(); ++i) named[emission.names[i]] = to_json(*program_, args[i]);
  const std::string text = dump(named);
  const auto found =
      left_.find(spelled(effect.adapter, effect.operation, SortedJson::parse(text), by));
  if (found != left_.end() && found->second > 0) {
    --found->second;
    return;
  }
  refused_ = fmt::format("{}.{} {} of {} in cycle {} is {}{}, and was not carried out",
                         effect.adapter, effect.operation, text, by, cycle,
                         found == left_.end() ? "not in " : "once more than in ", name_);
}

void Allowance::cycle(const CycleRecord& record) {
  const Outbox& outbox = *record.outbox;
  for (const Emitted& emitted : outbox.emitted) {
    if (program_->emissions[emitted.site.index()].kind != EmissionKind::kEffect) continue;
    std::string by = (*program_)[record.domain].name;
    if (!record.key->is_null()) by += "[" + literal(*record.key, {}) + "]";
    take(emitted.site, std::span(outbox.args).subspan(emitted.first_arg, emitted.arg_count), by,
         record.cycle);
  }
}

void Allowance::begin(const std::string& run_id, std::function<Status(uint64_t tick)> durable) {
  if (outside_ != nullptr) outside_->begin(run_id, std::move(durable));
}

void Allowance::notify(std::function<void()> came) {
  if (outside_ != nullptr) outside_->notify(std::move(came));
}

// A run that goes on hands over what was under way in its snapshot, and nobody has heard of that.
Result<std::vector<InputImage>> Allowance::exchange(World& world) {
  if (!std::exchange(exchanged_, true)) {
    for (const IntentImage& intent : world.intents()) {
      take(intent.site, intent.args, world.name_of(intent.instance), intent.cycle);
    }
  }
  if (refused_) return Error{.code = ErrorCode::kMismatch, .what = *refused_};
  if (outside_ == nullptr) return std::vector<InputImage>();
  return outside_->exchange(world);
}

// Without anybody there, what is under way never comes.
bool Allowance::awaits(const World& world) const {
  return outside_ != nullptr && outside_->awaits(world);
}

void Allowance::wait(std::chrono::milliseconds most) {
  if (outside_ != nullptr) outside_->wait(most);
  else std::this_thread::sleep_for(most);
}

void Allowance::end() {
  if (outside_ != nullptr) outside_->end();
}

}  // namespace lexum
