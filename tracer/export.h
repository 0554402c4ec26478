// A recorded run for those who live elsewhere: as a timeline for Perfetto and chrome://tracing, as
// a graph for Graphviz, as a table. Written piece by piece, whatever the size of the run.
//
//   Perfetto  the Trace Event Format's JSON: each instance is a thread of the process that is its
//             domain, each cycle a complete event (X) of 1 µs at its own number of µs, each message
//             a flow from the cycle that sent it (s) to the one that took it (f), each goal a
//             counter track (C: 0 satisfied, 1 pursued, 2 waiting, 3 abandoned), each fault an
//             instant (i), each tick a mark of the process 0
//   DOT       a directed graph: cycles are nodes, boxed by instance, messages edges with their
//             names; faults in red
//   CSV       RFC 4180 with a heading: cycle, tick, instance, domain, key, routine, work, because,
//             of_cycle, changes, sends, goals, fault, logs; what is a list is JSON in one cell
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "tracer/scan.h"

namespace lexum {

enum class ExportTo : uint8_t { kPerfetto, kDot, kCsv };

using WritePiece = std::function<void(std::string_view piece)>;

// The cycles from the one to the other one, both included.
Result<ScanEnd> export_trace(TraceReader& trace, ExportTo to, uint64_t from, uint64_t until,
                             const WritePiece& write, const Looking& looking = {});

}  // namespace lexum
