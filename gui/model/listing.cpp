#include "model/listing.h"

#include <algorithm>

#include "session/tell.h"
#include "tracer/statements.h"

namespace lexum {

namespace {

void add(std::string& all, const std::string& one) {
  if (!all.empty() && !one.empty()) all += "; ";
  all += one;
}

}  // namespace

Listing listing_of(Session& session) {
  Listing listing;
  const Source& source = session.program().source;
  const std::string_view text = source.text();
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    listing.lines.push_back({.text = text.substr(begin, end - begin)});
    begin = end + 1;
  }
  const Program& program = session.program();
  for (size_t d = 0; d < program.domains.size(); ++d) {
    const auto& routines = program.domains[d].routines;
    for (size_t r = 0; r < routines.size(); ++r) {
      const size_t line = source.place(routines[r].span.begin).line - 1;
      if (line >= listing.lines.size()) continue;
      listing.lines[line].domain = DomainId(d);
      listing.lines[line].routine = RoutineIndex(r);
    }
  }
  if (session.at().cycle <= session.trace().start()) return listing;
  const Result<CycleStatements> found = statements_of(session.timeline(), session.at().cycle);
  if (!found) return listing;
  const Routine& routine = program[found->ran.domain].routines[found->ran.routine.index()];
  const size_t head = source.place(routine.span.begin).line - 1;
  if (!found->statements.empty() && head < listing.lines.size()) {
    for (size_t i = 0; i < routine.params.size(); ++i) {
      add(listing.lines[head].did,
          routine.params[i].name + ": " + brief(program, found->statements.front().locals[i]));
    }
  }
  // Of a loop, the first rounds.
  constexpr size_t kLong = 80;
  for (const StatementView& statement : found->statements) {
    const size_t line = source.place(statement.span.begin).line - 1;
    if (line >= listing.lines.size()) continue;
    listing.lines[line].lit = true;
    std::string& did = listing.lines[line].did;
    if (did.size() < kLong) add(did, did_text(program, found->ran.domain, statement));
    if (listing.first_lit == 0 || line < listing.first_lit) listing.first_lit = line;
  }
  if (session.inside()) {
    const size_t line = source.place(session.inside()->statement.begin).line - 1;
    if (line < listing.lines.size()) listing.lines[line].next = true;
  }
  return listing;
}

}  // namespace lexum
