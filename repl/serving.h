// A durable run that goes on for ever and takes messages meanwhile: from standard input, from the
// socket in its folder, and by HTTP where somebody wants that.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "machine/durable.h"
#include "repl/http.h"

namespace lexum {

// Where it listens, besides standard input.
struct ServingPlaces {
  std::string folder;                     // of the run; the socket lies there
  std::optional<HttpServer::Where> http;  // none: not by HTTP
};

// Serves until `stop` is set, the world is halted or the disk fails, and gives what ended the run;
// a stop that was asked for is kStopped. Fails before it has taken anything if a place cannot be
// listened at. Once it has returned, nobody listens any more and whoever sent has an answer. That
// it serves, and what is wrong with a line of standard input, is told on stderr; the end of
// standard input ends nothing.
Result<Outcome> serve(DurableRun& run, const ServingPlaces& places, const std::atomic<bool>& stop);

}  // namespace lexum
