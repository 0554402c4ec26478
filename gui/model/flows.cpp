#include "model/flows.h"

#include <algorithm>
#include <map>

namespace lexum {

std::vector<FlowView> flows_of(const Scene& scene, const Axis& axis, double stretch_pixels,
                               size_t each_max) {
  std::vector<FlowView> found;
  std::map<std::pair<uint32_t, uint32_t>, uint64_t> sums;  // of a stretch: by domains
  int64_t stretch = 0;
  const auto finish = [&] {
    const size_t begin = found.size();
    for (const auto& [pair, messages] : sums) {
      found.push_back({.x = (static_cast<double>(stretch) + 0.5) * stretch_pixels,
                       .from = DomainId(size_t{pair.first}),
                       .to = DomainId(size_t{pair.second}),
                       .messages = messages});
    }
    const std::span<FlowView> new_ones = std::span(found).subspan(begin);
    std::ranges::stable_sort(new_ones, std::ranges::greater(), &FlowView::messages);
    if (new_ones.size() > each_max) found.resize(begin + each_max);
    sums.clear();
  };
  const std::span<const ChunkEntry> chunks = scene.trace.chunks();
  const size_t known = std::min(chunks.size(), scene.survey.chunks().size());
  for (size_t i = 0; i < known; ++i) {
    const ChunkEntry& chunk = chunks[i];
    const double middle =
        (axis.x_of(chunk.first_cycle) + axis.x_of(chunk.first_cycle + chunk.cycle_count)) / 2;
    if (middle < 0) continue;
    if (middle > axis.width()) break;
    const auto here = static_cast<int64_t>(middle / stretch_pixels);
    if (here != stretch) finish();
    stretch = here;
    for (const Flow& flow : scene.survey.chunks()[i].flows) {
      if (flow.from) sums[{flow.from.value, flow.to.value}] += flow.messages;
    }
  }
  finish();
  return found;
}

}  // namespace lexum
