// Who has ever been there: from a domain and a key to the instances that had them, one after the
// other. Ids follow from the run, so what was seen in one part of a trace holds in all of it.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "check/program.h"
#include "runtime/key_index.h"
#include "tracer/state.h"

namespace lexum {

class Roll {
 public:
  explicit Roll(const Program& program)
      : domains_(program.domains.size()), latest_(program.domains.size()) {}

  // Once or more often.
  void add(InstanceId id, DomainId domain, const Value& key) {
    KeyIndex& latest = latest_[domain.index()];
    const InstanceId known = latest.find(key);
    if (known == id) return;
    if (!known || known < id) latest.set(key, id);
    std::vector<InstanceId>& ids = domains_[domain.index()][key];
    const auto place = std::ranges::lower_bound(ids, id);
    if (place == ids.end() || *place != id) ids.insert(place, id);
  }
  void add(const WorldState& world) {
    for (size_t i = 0; i < world.size(); ++i) {
      const InstanceState& instance = world[InstanceId(i)];
      add(instance.id, instance.domain, instance.key);
    }
  }

  // The one that has not retired in that state; none if there is none.
  [[nodiscard]] InstanceId living(const WorldState& world, DomainId domain,
                                  const Value& key) const {
    const InstanceId latest = latest_[domain.index()].find(key);
    if (!latest || lives(world, domain, latest)) return latest;
    const auto found = domains_[domain.index()].find(key);
    return found == domains_[domain.index()].end() ? InstanceId()
                                                   : living(world, domain, found->second);
  }
  // The one that came last, retired or not.
  [[nodiscard]] InstanceId last(const WorldState& world, DomainId domain, const Value& key) const {
    const auto found = domains_[domain.index()].find(key);
    if (found == domains_[domain.index()].end()) return {};
    const auto& ids = found->second;
    const auto after = std::ranges::lower_bound(ids, InstanceId(world.size()));
    return after == ids.begin() ? InstanceId() : *(after - 1);
  }
  // Calls f(InstanceId) for those of the domain that have not retired, in order of their keys.
  template <class F>
  void each_living(const WorldState& world, DomainId domain, F&& f) const {
    for (const auto& [key, ids] : domains_[domain.index()]) {
      if (const InstanceId id = living(world, domain, ids)) f(id);
    }
  }

 private:
  struct Before {
    bool operator()(const Value& a, const Value& b) const {
      return !a.is_null() && Value::compare(a, b) < 0;  // null is the only key of its domain
    }
  };
  // Keyframes of a file that lies may not agree on who is who.
  static InstanceId living(const WorldState& world, DomainId domain,
                           const std::vector<InstanceId>& ids) {
    for (size_t i = ids.size(); i-- > 0;) {
      if (lives(world, domain, ids[i])) return ids[i];
    }
    return {};
  }
  static bool lives(const WorldState& world, DomainId domain, InstanceId id) {
    return id.index() < world.size() && !world[id].gone && world[id].domain == domain;
  }

  std::vector<std::map<Value, std::vector<InstanceId>, Before>> domains_;
  std::vector<KeyIndex> latest_;  // by domain: who had the key last, as most look-ups want it
};

}  // namespace lexum
