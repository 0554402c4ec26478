// Colours by what they mean. Red is for faults and for nothing else; the others can be told apart
// by those who do not see red or green (Okabe and Ito's palette, darker or lighter by theme).
#pragma once

#include <cstdint>

#include <imgui.h>

#include "session/reply.h"

namespace lexum {

enum class Theme : uint8_t { kDark, kLight };

enum class Paint : uint8_t {
  kBackground,
  kPanel,
  kLane,
  kLaneSelected,
  kText,
  kDim,
  kBar,       // a cycle that only changed something
  kBarSends,  // and told somebody
  kBarFlips,  // and a goal
  kFault,
  kEdge,
  kEdgeChosen,  // of the cycle at the position
  kEdgeFlow,    // many messages together
  kPosition,
  kLit,   // a line of the program that was executed
  kNext,  // the statement that is about to run
  kChanged,
  kGood,
  kPursued,  // a goal that something is done about
  kWaiting,
  kAbandoned,
  kCount_,
};

// From then on, everything is drawn so. `scale` is of texts and distances: 1 at 96 dots an inch.
// Between frames, and whoever draws has to make the fonts' texture again afterwards.
void use_theme(Theme theme, float scale);
ImU32 paint(Paint what);
// Of a part of an answer.
ImU32 paint(Role role);
// For the program and what stands in columns.
ImFont* code_font();

}  // namespace lexum
