// Message storms (§5): room in mailboxes, slices put off, senders throttled.
#include <algorithm>
#include <utility>

#include "runtime/cell.h"

namespace lexum {

namespace {
// Keeps a list of ids ascending and without repetitions.
bool insert(std::vector<InstanceId>& ids, InstanceId id) {
  const auto place = std::lower_bound(ids.begin(), ids.end(), id);
  if (place != ids.end() && *place == id) return false;
  ids.insert(place, id);
  return true;
}
void erase(std::vector<InstanceId>& ids, InstanceId id) {
  const auto place = std::lower_bound(ids.begin(), ids.end(), id);
  if (place != ids.end() && *place == id) ids.erase(place);
}
}  // namespace

Trouble& Cell::trouble_of(Instance& instance) {
  if (!instance.trouble) instance.trouble = std::make_unique<Trouble>();
  return *instance.trouble;
}

void Cell::tally(InstanceId receiver, DomainId domain, const Value& key) {
  if (receiver) {
    Instance& instance = (*this)[receiver];
    if (instance.tally != UINT32_MAX) {
      ++tallies_[instance.tally].count;
      return;
    }
    instance.tally = static_cast<uint32_t>(tallies_.size());
    tallies_.push_back({receiver, domain, Value(), 1});
    return;
  }
  // Not started yet: each sends to few of those most often, and to each once.
  const auto [place, fresh] =
      unborn_.try_emplace({domain, key}, static_cast<uint32_t>(tallies_.size()));
  if (fresh) {
    tallies_.push_back({InstanceId(), domain, key, 1});
  } else {
    ++tallies_[place->second].count;
  }
}

Cell::Verdict Cell::judge(const Runner& runner, uint32_t& dead) {
  const Outbox& out = *runner.out;
  if (out.emitted.empty()) return Verdict::kCommit;
  const bool one = out.emitted.size() == 1 &&
                   program_.emissions[out.emitted[0].site.index()].kind == EmissionKind::kSend;
  return one ? judge_one(runner, dead) : judge_all(runner, dead);
}

Cell::Verdict Cell::judge_all(const Runner& runner, uint32_t& dead) {
  const Outbox& out = *runner.out;
  tallies_.clear();
  unborn_.clear();
  receivers_.clear();
  for (const Emitted& emitted : out.emitted) {
    const Emission& site = program_.emissions[emitted.site.index()];
    InstanceId& receiver = receivers_.emplace_back();
    if (site.kind == EmissionKind::kSend) {
      receiver = living(site.domain, emitted.key);
      tally(receiver, site.domain, emitted.key);
    } else if (site.kind == EmissionKind::kBroadcast) {
      each_listener(site.event,
                    [&](InstanceId id, RoutineIndex) { tally(id, (*this)[id].domain, Value()); });
    }
  }
  Verdict verdict = Verdict::kCommit;
  for (const Tally& entry : tallies_) {
    const uint64_t limit = program_[entry.domain].mailbox_max;
    const bool faulted = entry.receiver && (*this)[entry.receiver].faulted;
    const uint64_t space = entry.receiver ? room((*this)[entry.receiver]) : limit;
    if (entry.receiver) (*this)[entry.receiver].tally = UINT32_MAX;
    if (faulted) {
      dead += static_cast<uint32_t>(entry.count > space ? entry.count - space : 0);
    } else if (entry.count > limit) {
      verdict = Verdict::kTooMany;
    } else if (entry.count > space && verdict == Verdict::kCommit) {
      verdict = Verdict::kPutOff;
    }
  }
  if (verdict != Verdict::kPutOff) return verdict;
  for (const Tally& entry : tallies_) {
    if (!entry.receiver || (*this)[entry.receiver].faulted) continue;
    if (entry.count > room((*this)[entry.receiver])) put_off(runner.id, entry.receiver);
  }
  return verdict;
}

// The same for a slice that sends a single message, as most do that send.
Cell::Verdict Cell::judge_one(const Runner& runner, uint32_t& dead) {
  const Emitted& emitted = runner.out->emitted.front();
  const InstanceId receiver = living(program_.emissions[emitted.site.index()].domain, emitted.key);
  receivers_.assign(1, receiver);
  if (!receiver) return Verdict::kCommit;
  const Instance& instance = (*this)[receiver];
  if (room(instance) > 0) return Verdict::kCommit;
  if (instance.faulted) {
    dead = 1;
    return Verdict::kCommit;
  }
  put_off(runner.id, receiver);
  return Verdict::kPutOff;
}

// Throttled by every mailbox that was too full, its own included.
void Cell::put_off(InstanceId sender, InstanceId mailbox) {
  if (observer_ != nullptr) observer_->hold({HoldKind::kPutOff, tick_, sender, mailbox});
  throttle(sender, mailbox);
}

void Cell::throttle(InstanceId sender, InstanceId mailbox) {
  touch(sender);
  touch(mailbox);
  if (!insert(trouble_of((*this)[sender]).throttlers, mailbox)) return;
  insert(trouble_of((*this)[mailbox]).throttles, sender);
  insert(throttling_, mailbox);
  if (observer_ != nullptr) observer_->hold({HoldKind::kThrottled, tick_, sender, mailbox});
}

void Cell::release_throttled(InstanceId mailbox) {
  Trouble& trouble = trouble_of((*this)[mailbox]);
  touch(mailbox);
  for (const InstanceId sender : std::exchange(trouble.throttles, {})) {
    touch(sender);
    erase(trouble_of((*this)[sender]).throttlers, mailbox);
    if (observer_ != nullptr) observer_->hold({HoldKind::kReleased, tick_, sender, mailbox});
  }
}

// At the end of a tick: who sent to a mailbox that is above three quarters now is throttled, until
// it is below half.
void Cell::throttle_senders() {
  for (const Receipt& receipt : receipts_) {
    const Instance& receiver = (*this)[receipt.mailbox];
    const uint64_t limit = domain_of(receiver).mailbox_max;
    if (receiver.gone || receiver.faulted || receiver.mailbox.size() * 4 <= limit * 3) continue;
    for (const Message* message = receipt.first; message != nullptr; message = message->next) {
      const Origin& origin = message->origin;
      const bool inner = origin.kind == OriginKind::kSent || origin.kind == OriginKind::kBroadcast;
      if (!inner || origin.sender == receipt.mailbox || (*this)[origin.sender].gone) continue;
      throttle(origin.sender, receipt.mailbox);
    }
  }
  for (size_t i = 0; i < throttling_.size();) {
    const Instance& receiver = (*this)[throttling_[i]];
    const uint64_t limit = domain_of(receiver).mailbox_max;
    if (receiver.gone || receiver.faulted || receiver.mailbox.size() * 2 < limit) {
      release_throttled(throttling_[i]);
      throttling_.erase(throttling_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
}

}  // namespace lexum
