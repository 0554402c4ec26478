// Does the program make sense, and who may do what? Names to slots, types, authority, and the
// warnings about what is legal but suspicious. Nothing of it runs here.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "check/program.h"

namespace lexum {

// Parses and checks. Null if there were errors; warnings do not hinder. Start values are still
// terms: use eval/load.h.
std::unique_ptr<Program> check(Source source, Diagnostics& diagnostics);

// A cycle of messages: instances of `domains` may go on sending to each other for ever, unless
// something bounds it.
struct MessageCycle {
  std::vector<std::string> hops;  // "Ping.on Pong → Pong.Ping"
  std::string bound;  // "guard `n > 0` at 12:5, which counts down"; empty: nothing found, W504
  Span span;          // of the first send
};
// Every elementary cycle up to a bounded number, found from the sends in handlers and transitions.
std::vector<MessageCycle> message_cycles(const Program& program);

}  // namespace lexum
