// A branch of a run as it is drawn: who did what, who told whom, how goals stood, and what a survey
// of all of it has found so far.
#pragma once

#include "model/bands.h"
#include "model/edges.h"
#include "model/lanes.h"
#include "model/survey.h"

namespace lexum {

struct Scene {
  // Both outlive it.
  Scene(Files& files, TraceReader& of)
      : trace(of), lanes(of), edges(of, lanes), bands(of, lanes), survey(files, of.path()) {}

  TraceReader& trace;
  Lanes lanes;
  Edges edges;
  Bands bands;
  Survey survey;
};

}  // namespace lexum
