// Who tells whom how much, where single messages cannot be seen: from domain to domain, for each
// stretch of what is on the screen. Of what the survey has read so far.
#pragma once

#include <vector>

#include "model/axis.h"
#include "model/scene.h"

namespace lexum {

struct FlowView {
  double x = 0;  // the middle of the stretch
  DomainId from;
  DomainId to;
  uint64_t messages = 0;
};

// From left to right, and of each stretch the largest first, so many of them. What comes from
// outside is left out.
std::vector<FlowView> flows_of(const Scene& scene, const Axis& axis, double stretch_pixels,
                               size_t each_max);

}  // namespace lexum
